package content

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// NamesFiles says whether a file of this name may hold the names of other files that are shown with it.
func NamesFiles(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml", ".css", ".js", ".mjs", ".svg", ".json", ".webmanifest", ".xml":
		return true
	}
	return false
}

// FileNames are the words of a layout, stylesheet, script or web page that can be the last part of a file's path, sorted.
// No grammar is asked, since a script may put a path together: whatever has a dot in it is one.
func FileNames(f File) []string {
	text := string(f.Text)
	var out []string
	add := func(word string) {
		for i := range 2 { // as it stands, and without the escapes of addresses
			if i == 1 {
				plain, err := url.PathUnescape(word)
				if err != nil || plain == word {
					return
				}
				word = plain
			}
			word := strings.TrimSpace(word[strings.LastIndexAny(word, `/\`)+1:])
			if dot := strings.IndexByte(word, '.'); dot >= 0 && dot < len(word)-1 && len(word) < 256 {
				out = append(out, word)
			}
		}
	}
	quoted := func(r rune) bool { return strings.ContainsRune("\"'`()<>\n\r{}?#&;", r) }
	for _, words := range strings.FieldsFunc(text, quoted) {
		add(words) // a name may hold blanks and commas
		for _, word := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune(" \t,=", r) }) {
			add(word)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
