package build

import (
	"bytes"
	"slices"

	"gloss/generator/content"
	"gloss/generator/render"
	"gloss/generator/site"
)

// parseScript makes the script of the theme.
func (w *work) parseScript(m *Memo) {
	w.script = nil
	if text, ok := w.tree.Bytes[render.Script]; ok {
		lang := content.LanguageOf(w.config.Config.Language)
		w.script = Do(m, "script", "", render.ScriptInput{Text: text, Language: lang.Tag, Words: lang.UI}, render.MakeScript)
	}
}

// shards puts the data that the script loads into the output and says how many files they are.
func (w *work) shards() int {
	w.previews = render.Previews(render.PreviewInput{Previews: w.site.Previews()})
	for _, f := range w.previews {
		w.files[f.Path] = f.Data
	}
	return len(w.previews)
}

// shardsAgain makes those of them again that an edit of prose may have changed.
func (w *work) shardsAgain(edits []site.Edit) {
	if slices.ContainsFunc(edits, func(e site.Edit) bool { return w.site.ProseInPreview(e.New.File) }) {
		now := render.Previews(render.PreviewInput{Previews: w.site.Previews()})
		if !slices.EqualFunc(w.previews, now, func(a, b render.File) bool { return a.Path == b.Path }) {
			w.assemble()
			return
		}
		w.previews = now
		w.replace(now)
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
