package content

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/parser"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// ours lists the examples of CommonMark that read differently here, on purpose, and why.
var ours = map[int]string{
	156: "a tag that never ends is bad-html, and shown as text",
	157: "a tag that never ends is bad-html, and shown as text",
	158: "a tag that never ends is bad-html, and shown as text",
	180: "<? is bad-html: browsers take it for a comment",
	181: "a doctype in a text is bad-html",
	182: "<![CDATA[ is bad-html: browsers take it for a comment",
	548: "[[foo]] is a wikilink; in a third pair of brackets it is one still",
	559: "[[x]] is a wikilink, whatever is defined for [x]",
	590: "![[foo]] is an embed and [[foo]] a wikilink",
	608: "an address that starts with https: is a link without <>, as in GFM",
	611: "an address that starts with https: is a link without <>, as in GFM",
	627: "<? is bad-html: browsers take it for a comment",
	628: "<! is bad-html: browsers take it for a comment",
	629: "<![CDATA[ is bad-html: browsers take it for a comment",
	612: "an e-mail address is a link without <>, as in GFM",
}

// TestCommonMark reads every example of the specification and compares the HTML with that of plain goldmark, which
// passes them all.
func TestCommonMark(t *testing.T) {
	plain := goldmark.New(goldmark.WithRendererOptions(ghtml.WithUnsafe()))
	for _, ex := range spec(t) {
		var want bytes.Buffer
		if err := plain.Convert([]byte(ex.Markdown), &want); err != nil {
			t.Fatal(err)
		}
		got, want1 := bare(filled(ex.Markdown)), bare(want.String())
		why, listed := ours[ex.Example]
		switch {
		case got != want1 && !listed:
			t.Errorf("example %d (%s)\n%q\ngot:\n%s\nwant:\n%s", ex.Example, ex.Section, ex.Markdown, got, want1)
		case got == want1 && listed:
			t.Errorf("example %d no longer differs, but is listed: %s", ex.Example, why)
		}
	}
}

type example struct {
	Markdown string `json:"markdown"`
	Example  int    `json:"example"`
	Section  string `json:"section"`
}

// spec reads the examples of CommonMark 0.31 that goldmark tests itself with; the module cache holds them.
func spec(t testing.TB) []example {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatalf("find goldmark: %v", err)
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if len(out) < 600 {
		t.Fatalf("the specification has %d examples; expected more than 600", len(out))
	}
	return out
}

// filled writes a body with every link and image put in as markdown alone would. It leaves out what ParseDoc does
// before: front matter and the title, which has no counterpart in CommonMark.
func filled(md string) string {
	var doc Doc
	b := newBuilder(DocInput{File{"x.md", []byte(md)}, Settings{Language: "en", RawHTML: true}}, &doc)
	b.src = maskBody([]byte(md), 0, [2]int{})
	b.run(markdown.Parse(text.NewReader(b.src.parse), parser.WithContext(parser.NewContext())))
	var s strings.Builder
	for _, p := range doc.Body {
		if p.Ref < 0 {
			s.WriteString(p.HTML)
			continue
		}
		r := doc.Refs[p.Ref]
		dest, title := r.Target, ""
		if r.Fragment != "" {
			dest += "#" + r.Fragment
		}
		if r.Title != "" {
			title = ` title="` + Escape(r.Title) + `"`
		}
		switch {
		case r.Attr:
			s.WriteString(Escape(dest))
		case r.Kind == RefLink && p.Close:
			s.WriteString("</a>")
		case r.Kind == RefLink && !r.Wiki:
			s.WriteString(`<a href="` + Escape(dest) + `"` + title + `>`)
		case r.Kind == RefImage && !r.Wiki:
			s.WriteString(`<img src="` + Escape(dest) + `" alt="` + Escape(r.Image.Alt) + `"` + title + `>`)
		default:
			s.WriteString("⟦" + string(r.Kind) + "⟧") // a construct that CommonMark does not know
		}
	}
	return s.String()
}

var (
	anchors = regexp.MustCompile(` ?<a class="anchor"[^>]*>#</a>`)
	added   = regexp.MustCompile(`<(p|h[1-6]|li|pre|blockquote)((?: (?:id|class|tabindex)="[^"]*")+)>`)
	pre     = regexp.MustCompile(`(?s)<pre><code.*?</code></pre>`)
	spans   = regexp.MustCompile(`</?span[^>]*>`)
	remarks = regexp.MustCompile(`(?s)<!--(?:-?>|.*?-->)`)
	target  = regexp.MustCompile(` (href|src)="([^"]*)"`)
)

// bare takes off what only we write: ids, the links of headings to themselves, the classes of code. Addresses are compared as a browser reads them, as a
// Ref holds the decoded path; a query is no part of a path.
func bare(s string) string {
	s = remarks.ReplaceAllString(s, "") // which nobody sees
	s = anchors.ReplaceAllString(s, "")
	s = added.ReplaceAllString(s, "<$1>")
	s = pre.ReplaceAllStringFunc(s, func(p string) string { return spans.ReplaceAllString(p, "") })
	return target.ReplaceAllStringFunc(s, func(a string) string {
		m := target.FindStringSubmatch(a)
		dest := unescapeURL(html.UnescapeString(m[2]))
		if schemeOf(dest) == "" {
			dest, _, _ = strings.Cut(dest, "?")
		}
		return " " + m[1] + `="` + Escape(dest) + `"`
	})
}
