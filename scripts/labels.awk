# Prints "COUNT FILE:LINE DECLARATION" for each function and initializer, COUNT being its parameters without a label.
# Functions that C calls are left out: they take what C gives, a context among it.

FNR == 1 { text = "" }
{
    line = $0
    sub(/^[ \t]*\/\/.*$/, "", line)
    gsub(/"[^"]*"/, "\"\"", line)
}
text == "" {
    if (!match(line, /^ *([a-z@]+(\([a-z]+\))? )*(func [A-Za-z0-9_]+|init[?!]?|subscript)(<[^(]*>)?\(/)) next
    start = FNR
    isLocalC = line ~ /^(private |fileprivate )?func /
}
{
    text = text line " "
    depth = 0; ended = 0; unlabelled = 0; expects = 0
    for (place = 1; place <= length(text); place++) {
        character = substr(text, place, 1)
        if (character == "(" || character == "[" || character == "{") { depth++; if (depth == 1) expects = 1; else expects = 0 }
        else if (character == ")" || character == "]" || character == "}") { depth--; if (depth == 0) { ended = 1; break } }
        else if (character == "," && depth == 1) expects = 1
        else if (expects && character != " ") { if (substr(text, place, 2) == "_ ") unlabelled++; expects = 0 }
    }
    if (!ended) next
    declaration = substr(text, 1, place)
    gsub(/ +/, " ", declaration)
    if (!(isLocalC && declaration ~ /_ [a-z]+: (UnsafeMutableRawPointer|OpaquePointer|UnsafePointer)/)) print unlabelled, FILENAME ":" start, declaration
    text = ""
}
