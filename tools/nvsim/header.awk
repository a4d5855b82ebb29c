# layout.txt -> a program that compares the table with NVIDIA's header, in the version that the header has.
function column(n,   i) {
    for (i = n; i > 0 && (i + first - 1 > NF || $(i + first - 1) == "="); i--) { }
    return $(i + first - 1)
}
function add(version, line) { checks[version] = checks[version] line "\n" }
BEGIN { split("11.1 12.0 12.1 12.2 13.0", apis, " ") }
/^#/ || NF == 0 { next }
$1 == "struct" {
    name = $2; first = 3
    for (v = 1; v <= 5; v++) {
        there[v] = column(v) != "-"
        if (there[v]) add(v, "_Static_assert(sizeof(" name ") == " column(v) ", \"" name "\");")
    }
    next
}
$1 == "revision" {
    first = 2
    for (v = 1; v <= 5; v++) if (there[v]) {
        text = column(v)
        high = sub(/\+/, "", text) ? " | 1u << 31" : ""
        add(v, "_Static_assert(" name "_VER == (NVENCAPI_VERSION | " text "u << 16 | 7u << 28" high "), \"" name "_VER\");")
    }
    next
}
{
    first = 2
    for (v = 1; v <= 5; v++) {
        text = column(v)
        if (!there[v] || text == "-") continue
        if (split(text, p, /[:\/]/) == 3) {
            bits[v] = bits[v] "    BITS(" name ", " $1 ", " p[1] ", " p[2] ", " p[3] ")\n"
            continue
        }
        split(text, p, "+")
        add(v, "_Static_assert(offsetof(" name ", " $1 ") == " p[1] ", \"" name "." $1 "\");")
        add(v, "_Static_assert(sizeof(((" name " *)0)->" $1 ") == " p[2] ", \"" name "." $1 "\");")
    }
}
END {
    print "#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n#include <ffnvcodec/nvEncodeAPI.h>\n"
    print "/* The compiler is asked where it keeps a bit field: all ones in it, nothing else. */"
    print "#define BITS(type, field, word, bit, count) { \\"
    print "        union { type value; uint32_t words[sizeof(type) / 4]; } is; \\"
    print "        memset(&is, 0, sizeof is); \\"
    print "        is.value.field = (uint32_t)((1ull << (count)) - 1); \\"
    print "        wrong += is.words[(word) / 4] != (uint32_t)((1ull << (count)) - 1) << (bit) ? (printf(\"%s.%s\\n\", #type, #field), 1) : 0; \\"
    print "    }\n"
    for (v = 1; v <= 5; v++) {
        split(apis[v], n, ".")
        print (v == 1 ? "#if" : "#elif") " NVENCAPI_MAJOR_VERSION == " n[1] " && NVENCAPI_MINOR_VERSION == " n[2]
        print checks[v] "static int bit_fields(void)\n{\n    int wrong = 0;\n" bits[v] "    return wrong;\n}"
    }
    print "#else\n#error \"The table has no column for this version of NVIDIA's header.\"\n#endif\n"
    print "int main(void)\n{\n    int wrong = bit_fields();"
    print "    printf(\"layout.txt and the header of API %d.%d: %d bit fields differ\\n\", NVENCAPI_MAJOR_VERSION, NVENCAPI_MINOR_VERSION, wrong);"
    print "    return wrong != 0;\n}"
}
