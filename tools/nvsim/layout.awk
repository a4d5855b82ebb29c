# layout.txt -> C tables. "-v part=h" prints the enumerators, "-v part=c" the tables.
function short(name) { sub(/^NV_ENC_|^NV_ENCODE_API_/, "", name); return name }
function column(n,   i, value) {
    for (i = n; i > 0 && (i + first - 1 > NF || $(i + first - 1) == "="); i--) { }
    return $(i + first - 1)
}
function place(text,   p) {
    if (text == "-") return "{ 0, 0, 0, 0 }"
    if (split(text, p, /[:\/]/) == 3) return "{ " p[1] ", 4, " p[2] ", " p[3] " }"
    split(text, p, "+")
    return "{ " p[1] ", " p[2] ", 0, 0 }"
}
function flush_struct() {
    if (structs) structText = structText sizes revisions " " begin ", " fields - begin " },\n"
}
/^#/ || NF == 0 { next }
$1 == "struct" {
    flush_struct()
    name = $2; first = 3; begin = fields + 0
    structNames = structNames "    " short(name) ",\n"
    sizes = "    { \"" name "\", {"
    for (v = 1; v <= 5; v++) sizes = sizes " " (column(v) == "-" ? 0 : column(v)) ","
    sizes = sizes " },"
    revisions = " { 0, 0, 0, 0, 0 },"
    structs++
    next
}
$1 == "revision" {
    first = 2
    revisions = " {"
    for (v = 1; v <= 5; v++) {
        text = column(v)
        revisions = revisions " " (sub(/\+/, "", text) ? "1u << 31 | " : "") text ","
    }
    revisions = revisions " },"
    next
}
{
    first = 2
    fieldNames = fieldNames "    " short(name) "_" $1 ",\n"
    fieldText = fieldText "    { \"" $1 "\", {"
    for (v = 1; v <= 5; v++) fieldText = fieldText " " place(column(v)) ","
    fieldText = fieldText " } },\n"
    fields++
}
END {
    flush_struct()
    if (part == "h") {
        print "/* Generated from layout.txt. */"
        print "enum layout_struct_id {\n" structNames "};"
        print "enum layout_field_id {\n" fieldNames "};"
    } else {
        print "/* Generated from layout.txt. */\n#include \"layout.h\""
        print "const struct layout_struct layout_structs[] = {\n" structText "};"
        print "const struct layout_field layout_fields[] = {\n" fieldText "};"
    }
}
