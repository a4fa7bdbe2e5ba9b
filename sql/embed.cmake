# Writes OUTPUT: the texts of FILES as one table, for worker/store/sqlite/engine/sql.h.
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND rows "    {\"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"worker/store/sqlite/engine/sql.h\"

namespace page_count {
namespace {
constexpr EmbeddedSql kTexts[] = {
${rows}};
}  // namespace

std::span<const EmbeddedSql> AllSql() { return kTexts; }
}  // namespace page_count
")
