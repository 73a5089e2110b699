package build

import (
	"bytes"
	"slices"

	"gloss/generator/content"
	"gloss/generator/render"
	"gloss/generator/site"
)

// makeScripts makes what of the theme runs in the browser.
func (w *work) makeScripts(m *Memo) {
	lang := content.LanguageOf(w.config.Config.Language)
	w.scripts = map[string][]byte{}
	for _, name := range render.Scripts {
		if text, ok := w.tree.Bytes[name]; ok {
			w.try(name, "making this file small", func() {
				w.scripts[name] = *Do(m, "script", name, render.ScriptInput{Name: name, Text: text, Language: lang.Tag, Words: lang.UI}, render.MakeScript)
			})
		}
	}
}

// shards puts the data that the script loads into the output and says how many files they are. A site without a page for
// the search has none for it.
func (w *work) shards() int {
	w.previews = render.Previews(render.PreviewInput{Previews: w.site.Previews()})
	files := w.previews
	if w.site.MadeAt("search") != nil {
		if w.index == nil {
			w.index = &index{}
		}
		names := w.site.Names()
		w.names = len(names)
		w.index.update(w.site, w.env.Workers)
		w.index.refresh(w.names)
		for path, data := range w.index.files {
			files = append(files[:len(files):len(files)], render.File{Path: path, Data: data})
		}
		files = append(files, render.NamesFiles(names)...)
	}
	for _, f := range files {
		w.files[f.Path] = f.Data
	}
	return len(files)
}

// shardsAgain makes those of them again that an edit of prose may have changed.
func (w *work) shardsAgain(edits []site.Edit) {
	same := true
	if slices.ContainsFunc(edits, func(e site.Edit) bool { return w.site.ProseInPreview(e.New.File) }) {
		now := render.Previews(render.PreviewInput{Previews: w.site.Previews()})
		same = slices.EqualFunc(w.previews, now, func(a, b render.File) bool { return a.Path == b.Path })
		w.previews = now
		w.replace(now)
	}
	if w.index != nil && w.site.MadeAt("search") != nil {
		var redone []*site.Page
		for _, e := range edits {
			if p := w.site.PageOf(e.New.File); p != nil {
				redone = append(redone, p)
			}
		}
		w.index.read(w.site, redone, w.env.Workers)
		had := len(w.index.files)
		changed, gone := w.index.refresh(w.names)
		same = same && len(gone) == 0 && len(w.index.files) == had
		w.replace(changed)
	}
	if !same {
		w.assemble()
	}
}

// replace puts files in the place of the old ones, where they differ.
func (w *work) replace(files []render.File) {
	for _, f := range files {
		if !bytes.Equal(w.files[f.Path], f.Data) {
			w.files[f.Path] = f.Data
		}
	}
}
