package content

import (
	"strings"
	"testing"
)

// parsePage reads one plain page in English.
func parsePage(text string) ParsedDoc {
	return ParseDoc(DocInput{File{"content/x.md", []byte(text)}, Settings{Language: "en"}})
}

// TestStruckOut holds that two tildes strike out and one does not, and that the plain text of a page has neither words
// that are struck out nor a gap where they stood.
func TestStruckOut(t *testing.T) {
	for _, c := range []struct{ text, html, plain string }{
		{"Between 10~20 and 30~40 people.", "Between 10~20 and 30~40 people.", "Between 10~20 and 30~40 people."},
		{"~approx~ 5", "~approx~ 5", "~approx~ 5"},
		{"It was ~~35~~ 40.", "It was <del>35</del> 40.", "It was 40."},
		{"It was 40 ~~or 35~~.", "It was 40 <del>or 35</del>.", "It was 40."},
		{"~~Thirty~~ Forty died.", "<del>Thirty</del> Forty died.", "Forty died."},
		{"a~~b~~c", "a<del>b</del>c", "ac"},
		{"One\n~~two~~\nthree", "One\n<del>two</del>\nthree", "One three"},
		{"See ~~[[old]]~~ [[new]].", "See <del>⟦0⟧old⟦/0⟧</del> ⟦1⟧new⟦/1⟧.", "See new."},
		{"[~~35~~](x.md) now", "⟦0⟧<del>35</del>⟦/0⟧ now", "35 now"}, // the words of a link
		{"y ~~~x~~~", "y ~~~x~~~", "y ~~~x~~~"},
	} {
		p := parsePage("p\n\n" + c.text + "\n")
		d := p.Doc
		if got := holes(d.Body); !strings.Contains(got, ">"+c.html+"</p>") {
			t.Errorf("%q: the page has %q, want %q", c.text, got, c.html)
		}
		if got := d.Blocks[1].Text; got != c.plain {
			t.Errorf("%q: the plain text is %q, want %q", c.text, got, c.plain)
		}
	}
	d := parsePage("# A\n\n## ~~Old~~ New\n\n## ~~Gone~~\n").Doc
	if h := d.Heads[0]; h.Text != "New" || h.ID != "old-new" {
		t.Errorf("a heading with words struck out: %+v", h)
	}
	if h := d.Heads[1]; h.Text != "Gone" {
		t.Errorf("a heading that is struck out whole: %+v", h)
	}
}
