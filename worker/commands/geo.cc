#include "worker/commands/commands.h"
#include "worker/commands/open_attributes.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"

namespace page_count {

int RunGeo(int argc, char** argv) {
  CLI::App app("Says which database countries are looked up in, and has them looked up anew; workers may run.",
               "page-count geo");
  Settings settings;
  bool refresh = false;
  AddDatabaseSettings(app, settings);
  AddAttributeSettings(app, settings);
  app.add_flag("--refresh", refresh, "Let the workers look up the country of each visitor anew, not only of new ones");
  return RunCommand(app, argc, argv, [&] {
    Print(DescribeCountryDatabase(settings) + '\n');
    if (!refresh) return 0;
    if (CountryDatabaseOf(settings).empty()) throw std::runtime_error("without a database all countries would be lost");
    OpenStorage(settings, Purpose::kChange)()->StartAttributesOver(Dimension::kClient);
    Print("the country of each visitor is looked up anew, by the workers within a minute or so\n");
    return 0;
  });
}

}  // namespace page_count
