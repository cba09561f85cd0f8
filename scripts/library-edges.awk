# Which folders of the library use which others, found from the names that they declare and use.
#
#   awk -v root=Sources/DatacubeStorage -f library-edges.awk pass=1 FILES pass=2 FILES
#
# Prints "FOLDER USED NAME FILE:LINE" for the first use of each name. Names are those of types and functions outside of all
# others, and members that extensions give to types of other folders, where no type has a member of that name by itself.

function folder(path, parts) { split(substr(path, length(root) + 2), parts, "/"); return parts[1] }

# Without comments and texts.
function code(line) {
    sub(/^[ \t]*\/\/.*$/, "", line)
    sub(/[ \t]\/\/ .*$/, "", line)
    gsub(/"[^"\\(]*"/, "\"\"", line)
    return line
}

function last_word(text, words, count) { count = split(text, words, " "); return words[count] }

function declare(name) { if (!(name in owner)) owner[name] = here }

# Where a member that an extension gives to a foreign type comes from.
function member(name) {
    if (!(name in home)) home[name] = here
    else if (home[name] != here) home[name] = "several"
}

function use(target, name) {
    if (target == here || (here, target, name) in seen) return
    seen[here, target, name] = 1
    print here, target, name, FILENAME ":" FNR
}

FNR == 1 { here = folder(FILENAME); extended = "" }
{ line = code($0) }

pass == 1 {
    modifiers = "(@[a-z]+ |public |internal |final |indirect )*"
    if (match(line, "^" modifiers "(struct|class|enum|protocol|actor|typealias) [A-Za-z0-9_]+")) {
        declare(last_word(substr(line, RSTART, RLENGTH)))
        extended = ""
    } else if (match(line, "^" modifiers "(func|let|var) [A-Za-z0-9_]+")) {
        declare(last_word(substr(line, RSTART, RLENGTH)))
    } else if (match(line, "^" modifiers "extension [A-Za-z0-9_]+")) {
        extended = last_word(substr(line, RSTART, RLENGTH))
    } else if (line ~ /^[a-z]/) {
        extended = ""
    }
    # Deeper ones without a modifier are local to functions.
    if (match(line, /^(    |    ( +)([a-z]+ )+)([a-z]+(\([a-z]+\))? )*(func|var|let|case) [A-Za-z0-9_]+/)) {
        name = last_word(substr(line, RSTART, RLENGTH))
        if (line ~ /private /) hidden[here, name] = 1
        else if (extended == "" || line !~ /^    [a-z]/) own[name] = 1
        else extensions[here, name] = extended
    }
}

pass == 2 && !ready {
    ready = 1
    for (key in extensions) {
        split(key, parts, SUBSEP)
        here = parts[1]
        type = extensions[key]
        if (type in owner && owner[type] == here) own[parts[2]] = 1
        else member(parts[2])
    }
    here = folder(FILENAME)
}

pass == 2 {
    while (match(line, /[.]?[A-Za-z_][A-Za-z0-9_]*/)) {
        name = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        if (substr(name, 1, 1) == ".") {
            name = substr(name, 2)
            if (name in home && home[name] != "several" && !(name in own) && !((here, name) in hidden))
                use(home[name], name)
            if (name ~ /^[a-z]/) continue
        }
        if (name in owner) use(owner[name], name)
    }
}
