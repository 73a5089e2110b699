package diff

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageText string

// Page writes the report as one page that needs no other file and no script. style is the stylesheet of the theme.
func (r *Report) Page(w io.Writer, style string) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"old": func(s Sentence) []Piece { a, _ := Pieces(s.Old, s.New); return a },
		"new": func(s Sentence) []Piece { _, b := Pieces(s.Old, s.New); return b },
		"say": func(w What) string {
			return map[What]string{New: "New", Removed: "Removed", Changed: "Changed", Moved: "Moved", Reworded: "Reworded", Cited: "Other sources", Linked: "Other link"}[w]
		},
		"words": func(f Field) Sentence { return Sentence{Old: f.Old, New: f.New} },
	}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("read the page of the comparison: %w", err)
	}
	return t.Execute(w, struct {
		*Report
		Summary         []string
		Style           template.CSS
		Lang, Dir, Base string
		Groups          []group
	}{r, r.Summary(), template.CSS(style), r.lang, r.dir, r.base, r.groups()})
}
