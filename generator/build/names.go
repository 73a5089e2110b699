package build

import (
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/site"
)

// readNames finds which files the texts of others name: layouts, stylesheets, and what is copied. It is about files of
// content/, which are copied only if something uses them.
func (w *work) readNames(m *Memo) {
	if !slices.ContainsFunc(w.tree.Assets, func(a site.Asset) bool { return strings.HasPrefix(a.File, "content/") }) {
		return
	}
	files := slices.Clone(w.tree.Layouts)
	for _, a := range w.tree.Assets {
		if content.NamesFiles(a.File) {
			files = append(files, content.File{Name: a.File, Text: w.tree.Bytes[a.File]})
		}
	}
	w.named = make(map[string][]string, len(files))
	for _, f := range files {
		w.try(f.Name, "looking for the names of files in it", func() { w.named[f.Name] = *Do(m, "names", f.Name, f, content.FileNames) })
	}
}
