'use strict';

const systemFonts = 'system-ui, sans-serif';

window.Redoc.init(
  '/openapi.json',
  {
    expandResponses: '200',
    sortRequiredPropsFirst: true,
    theme: {
      typography: { fontFamily: systemFonts, headings: { fontFamily: systemFonts }, code: { fontFamily: 'monospace' } },
    },
  },
  document.getElementById('redoc'),
);
