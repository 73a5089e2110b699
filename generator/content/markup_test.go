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

// TestFrontMatterElsewhere holds that front matter which is not YAML between --- at the very top is one error at its
// first line, that readers see nothing of it, and that a draft stays one.
func TestFrontMatterElsewhere(t *testing.T) {
	const fields = "title: A bridge\ndraft: true\n"
	for _, c := range []struct{ name, text, at string }{
		{"an empty line above", "\n---\n" + fields + "---\n", "---"},
		{"blanks above", " \n\t\n\u00a0\n---\n" + fields + "---\n", "---"},
		{"a byte order mark and an empty line", "\uFEFF\n---\n" + fields + "---\n", "---"},
		{"CR LF", "\r\n---\r\ntitle: A bridge\r\ndraft: true\r\n---\r\n", "---"},
		{"a comment above", "<!-- Copyright\nsomebody -->\n---\n" + fields + "---\n", "---"},
		{"an Obsidian comment above", "%%\nnote\n%%\n---\n" + fields + "---\n", "---"},
		{"a heading above", "# The bridge\n\n---\n" + fields + "---\n", "---"},
		{"a text above", "Some words.\n\n---\n" + fields + "---\n", "---"},
		{"indented", " ---\n" + fields + " ---\n", " ---"},
		{"four hyphens", "----\n" + fields + "----\n", "----"},
		{"a dash that a telephone made", "—-\n" + fields + "—-\n", "—-"},
		{"no width before", "\u200b---\n" + fields + "---\n", "\u200b---"},
		{"no end", "\n---\n" + fields, "---"},
		{"closed by dots", "\n---\n" + fields + "...\n", "---"},
		{"named as YAML", "---yaml\n" + fields + "---\n", "---yaml"},
		{"TOML", "+++\ntitle = \"A bridge\"\ndraft = true\n+++\n", "+++"},
		{"TOML below an empty line", "\n+++\ntitle = \"A bridge\"\ndraft = true\n+++\n", "+++"},
		{"TOML between hyphens", "---toml\ntitle = \"A bridge\"\ndraft = true\n---\n", "---toml"},
		{"JSON", "{\n  \"title\": \"A bridge\", \"draft\": true\n}\n", "{"},
		{"JSON on a line", "{\"title\": \"A bridge\", \"draft\": true}\n", "{\"title\": \"A bridge\", \"draft\": true}"},
		{"a code block", "```yaml\n---\n" + fields + "---\n```\n", "```yaml"},
		{"a code block without hyphens", "```yaml\n" + fields + "```\n", "```yaml"},
		{"no line of hyphens above", fields + "---\n", "title: A bridge"},
		{"no lines of hyphens", "title: A bridge\ntags:\n  - one\ndraft: true\n", "title: A bridge"},
		{"a second one", "---\ntitle: A\n---\n\n---\n" + fields + "---\n", "---"},
	} {
		p := parsePage(c.text + "\nText for readers.\n")
		check(t, []byte(c.text+"\nText for readers.\n"), p)
		if len(p.Findings) != 1 || p.Findings[0].Code != "bad-front-matter" || p.Findings[0].Hint == "" {
			t.Errorf("%s: got %+v, want one bad-front-matter", c.name, p.Findings)
			continue
		}
		f := p.Findings[0]
		if got := c.text[f.Span.Start:f.Span.End]; got != c.at {
			t.Errorf("%s: the finding stands at %q, want %q", c.name, got, c.at)
		}
		if !p.Doc.Meta.Draft && !f.Unreadable {
			t.Errorf("%s: a draft is published", c.name)
		}
		for _, b := range p.Doc.Blocks {
			if strings.Contains(b.Text, "title") || strings.Contains(b.Text, "draft") {
				t.Errorf("%s: readers see %q", c.name, b.Text)
			}
		}
		for _, s := range p.Doc.Twin {
			if strings.Contains(s.Text, "draft") {
				t.Errorf("%s: the markdown page has %q", c.name, s.Text)
			}
		}
		t.Logf("%s: %s; %s", c.name, f.Message, f.Hint)
	}
}

// TestNoFrontMatter holds that prose which looks a little like fields is prose.
func TestNoFrontMatter(t *testing.T) {
	for _, text := range []string{
		"\n---\n\nA rule, then text: with a colon.\n\n---\n",
		"\n***\nNote: this stays\n\n---\n",
		"Note: this text is old.\n\nSo it is.\n",
		"Summary: one line of a text.\n\nMore.\n",
		"# Title\n\n---\n\nText\n\n---\n",
		"# Title\n---\nSomebody: \"No.\"\n\n---\n",
		"# Fields\n\n```yaml\n---\ntitle: x\ndraft: true\n---\n```\n",
		"Text\n\n---\n\ntitle: is a word\n",
		"{ braces } in a text\n",
		"{{< x >}}\n",
		"```js\n{\"title\": 1}\n```\n",
		"+++ three signs\n",
		"+++\n\nText\n",
		"Title\n---\n\ntext: x\n",
		"<!-- a comment --> text\n\n---\n",
		"A: one\nB: two\n---\n",
	} {
		for _, f := range parsePage(text).Findings {
			if f.Code == "bad-front-matter" {
				t.Errorf("%q: %s", text, f.Message)
			}
		}
	}
}

// TestDraft holds which pages are kept back, and that a slip in the field that keeps a page back is told.
func TestDraft(t *testing.T) {
	for _, c := range []struct {
		field string
		draft bool
		codes string
	}{
		{"draft: true", true, ""},
		{"draft: yes", true, ""},
		{"draft: false", false, ""},
		{"draft:", false, ""},
		{"draft: ture", true, "bad-front-matter"},
		{"draft: [true]", true, "bad-front-matter"},
		{"publish: false", true, ""},
		{"publish: no", true, ""},
		{"publish: true", false, ""},
		{"published: false", true, ""},
		{"published: true", false, "bad-date"},
		{"published: \"2024\"", false, ""},
		{"Draft: true", true, "unknown-key"},
		{"DRAFT: yes", true, "unknown-key"},
		{"drafts: true", true, "unknown-key"},
		{"darft: true", true, "unknown-key"},
		{"is_draft: true", true, "unknown-key"},
		{"Draft: false", false, "unknown-key"},
		{"Publish: false", true, "unknown-key"},
		{"dg-publish: false", true, "unknown-key"},
		{"status: draft", true, "unknown-key"},
		{"status: Draft", true, "unknown-key"},
		{"status: done", false, "unknown-key"},
		{"private: true", true, "unknown-key"},
		{"craft: true", true, "unknown-key"}, // rather once too often
		{"weight: 1", false, "unknown-key"},
	} {
		p := parsePage("---\ntitle: A\n" + c.field + "\n---\nText.\n")
		var codes []string
		for _, f := range p.Findings {
			codes = append(codes, f.Code)
		}
		if got := strings.Join(codes, " "); p.Doc.Meta.Draft != c.draft || got != c.codes {
			t.Errorf("%s: draft is %t with %q, want %t with %q", c.field, p.Doc.Meta.Draft, got, c.draft, c.codes)
		}
	}
}
