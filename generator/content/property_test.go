package content

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"gloss/generator/diag"
)

// check asserts what must hold of every page, whatever the writer typed.
func check(t *testing.T, src []byte, p ParsedDoc) {
	t.Helper()
	d := &p.Doc
	inFile := func(what string, s diag.Span) {
		t.Helper()
		if s.File == "" && s.Start == 0 && s.End == 0 {
			return // not given
		}
		if s.File != d.File || s.Start < 0 || s.End < s.Start || s.End > len(src) {
			t.Errorf("%s: the span %+v is not in the file, which has %d bytes", what, s, len(src))
			return
		}
		if utf8.Valid(src) && (s.Start < len(src) && !utf8.RuneStart(src[s.Start]) || s.End < len(src) && !utf8.RuneStart(src[s.End])) {
			t.Errorf("%s: the span %+v cuts a character: %q", what, s, src[s.Start:s.End])
		}
	}
	for i, r := range d.Refs {
		inFile("ref "+string(r.Kind)+" "+r.Target, r.Span)
		inFile("words of "+r.Target, r.Words)
		if r.Span.File == "" {
			t.Errorf("ref %d %s %q has no place", i, r.Kind, r.Target)
		}
		if r.Block < -1 || r.Block >= len(d.Blocks) {
			t.Errorf("ref %d points at block %d of %d", i, r.Block, len(d.Blocks))
		} else if r.Block >= 0 && (r.From < 0 || r.To < r.From) {
			t.Errorf("ref %d has the label %d–%d", i, r.From, r.To)
		} else if r.Block >= 0 && r.Label != "" && !r.Struck && (r.Kind == RefLink || r.Kind == RefExternal) {
			if text := d.Blocks[r.Block].Text; r.To > len(text)+strings.Count(r.Label, " ") || r.To <= len(text) && text[r.From:r.To] != r.Label {
				t.Errorf("ref %d %q: the label is %q, the block has %q", i, r.Target, r.Label, text[min(r.From, len(text)):min(r.To, len(text))])
			}
		}
	}
	for _, h := range d.Heads {
		inFile("heading "+h.Text, h.Span)
		if h.Block < 0 || h.Block >= len(d.Blocks) {
			t.Errorf("heading %q points at block %d", h.Text, h.Block)
		}
		if h.Level < 1 || h.Level > 6 {
			t.Errorf("heading %q has level %d", h.Text, h.Level)
		}
	}
	ids := map[string]bool{}
	before := func(p, q Pos) bool { return p.Piece < q.Piece || p.Piece == q.Piece && p.Offset <= q.Offset }
	pos := func(what string, p Pos) {
		t.Helper()
		// A place after the last piece is piece len(body), offset 0.
		if p.Piece < 0 || p.Piece > len(d.Body) || p.Piece == len(d.Body) && p.Offset != 0 || p.Piece < len(d.Body) && (p.Offset < 0 || p.Offset > len(d.Body[p.Piece].HTML)) {
			t.Errorf("%s: no place %+v in %d pieces", what, p, len(d.Body))
		}
	}
	for i, b := range d.Blocks {
		inFile("block "+b.Kind, b.Span)
		if b.Kind == "note" {
			continue // in the note's own pieces, with the id of the block that refers to it
		}
		if b.Kind == "front" {
			continue // in front matter: it has no place in the body and no id
		}
		pos("start of block "+b.ID, b.From)
		pos("end of block "+b.ID, b.To)
		if !before(b.From, b.To) {
			t.Errorf("block %d %s ends at %+v before it starts at %+v", i, b.Kind, b.To, b.From)
		}
		if ids[b.ID] {
			t.Errorf("the id %q stands twice", b.ID)
		}
		ids[b.ID] = true
		if b.Head < -1 || b.Head >= len(d.Heads) {
			t.Errorf("block %d stands under heading %d of %d", i, b.Head, len(d.Heads))
		}
	}
	for i, n := range d.Notes {
		inFile("note "+n.Label, n.Span)
		if n.Block >= len(d.Blocks) || n.Uses < 1 {
			t.Errorf("note %d: block %d, uses %d", i, n.Block, n.Uses)
		}
		pieces(t, d, "note "+n.Label, n.Body)
	}
	for i, r := range d.Runs {
		if r.Piece < 0 || r.Piece >= len(d.Body) || r.From < 0 || r.To < r.From || r.To > len(d.Body[r.Piece].HTML) || r.Block < 0 || r.Block >= len(d.Blocks) {
			t.Errorf("run %d: %+v", i, r)
			continue
		}
		text := strings.ReplaceAll(unescape(d.Body[r.Piece].HTML[r.From:r.To]), "\n", " ")
		in := strings.ReplaceAll(d.Blocks[r.Block].Text, "\n", " ")
		if strings.TrimSpace(text) == "" {
			continue // blanks at the end of a block are no part of its text
		}
		if strings.ContainsAny(text, "<>") && strings.Contains(d.Body[r.Piece].HTML[r.From:r.To], "<") {
			t.Errorf("run %d holds a tag: %q", i, d.Body[r.Piece].HTML[r.From:r.To])
		} else if r.Offset > len(in) || !strings.HasPrefix(in[r.Offset:], strings.TrimRight(text, " ")) {
			t.Errorf("run %d is %q; its block has %q there", i, text, in[min(r.Offset, len(in)):])
		}
	}
	for _, c := range d.Callouts {
		inFile("callout", c.Span)
	}
	for _, c := range d.Charts {
		inFile("chart", c.Span)
		for k, s := range c.Spans {
			inFile("chart "+k, s)
		}
		pieces(t, d, "chart title", c.Title.Body)
		pieces(t, d, "chart subtitle", c.Subtitle.Body)
	}
	for _, l := range d.Lines {
		inFile("timeline", l.Span)
		for k, s := range l.Spans {
			inFile("timeline "+k, s)
		}
	}
	m := d.Meta
	for _, in := range append([]Inline{m.Answer, m.Summary, m.Standfirst, m.Role}, m.Takeaways...) {
		inFile("front matter", in.Span)
		pieces(t, d, "front matter", in.Body)
	}
	inFile("title", m.TitleSpan)
	if d.More != nil {
		pos("more", *d.More)
	}
	findings(t, d.File, src, p.Findings)
	pieces(t, d, "body", d.Body)
}

func findings(t *testing.T, file string, src []byte, fs []diag.Finding) {
	t.Helper()
	codes := map[string]bool{}
	for _, c := range diag.Codes {
		codes[c.Name] = true
	}
	for _, f := range fs {
		if f.Span.File != file || f.Span.Start < 0 || f.Span.End < f.Span.Start || f.Span.End > len(src) {
			t.Errorf("the finding %s %q stands at %+v; the file has %d bytes", f.Code, f.Message, f.Span, len(src))
		}
		if !codes[f.Code] {
			t.Errorf("there is no code %q", f.Code)
		}
		if f.Message == "" {
			t.Errorf("the finding %s has no message", f.Code)
		}
	}
}

func unescape(s string) string {
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`).Replace(s)
}

// pieces asserts that holes have their reference, that link holes nest, and that the HTML is well-formed.
func pieces(t *testing.T, d *Doc, what string, body []Piece) {
	t.Helper()
	var open []int
	var s strings.Builder
	for i, p := range body {
		if p.Ref < 0 {
			if p.Ref != -1 || p.Close {
				t.Errorf("%s: piece %d is %+v", what, i, p)
			}
			s.WriteString(p.HTML)
			if len(open) > 0 && strings.Contains(p.HTML, "<a ") {
				t.Errorf("%s: %q stands inside the link %d", what, p.HTML, open[len(open)-1])
			}
			continue
		}
		if p.HTML != "" || p.Ref >= len(d.Refs) {
			t.Errorf("%s: the hole %+v has HTML or no reference (%d)", what, p, len(d.Refs))
			continue
		}
		r := d.Refs[p.Ref]
		switch {
		case p.Close && (len(open) == 0 || open[len(open)-1] != p.Ref):
			t.Errorf("%s: the hole %d closes, open are %v", what, p.Ref, open)
		case p.Close:
			open = open[:len(open)-1]
		case closes(body[i+1:], p.Ref):
			if len(open) > 0 {
				t.Errorf("%s: the link %d stands inside the link %d", what, p.Ref, open[len(open)-1])
			}
			open = append(open, p.Ref)
		case r.Kind == RefLink || r.Kind == RefFact || r.Kind == RefEvent || r.Kind == RefClaim:
			t.Errorf("%s: the hole %d (%s) never closes", what, p.Ref, r.Kind)
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: holes %v never close", what, open)
	}
	balanced(t, what, s.String())
}

func closes(rest []Piece, ref int) bool {
	for _, p := range rest {
		if p.Ref == ref {
			return p.Close
		}
	}
	return false
}

var (
	tagRE  = regexp.MustCompile(`^<(/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>`)
	addrRE = regexp.MustCompile(` (?:href|src)="([^"]*)"`)
	// activeRE finds attributes that could act. No value holds a quotation mark, so none is taken for one.
	activeRE = regexp.MustCompile(` (?:on[a-z]+|style)="`)
	entRE    = regexp.MustCompile(`^&(?:amp|lt|gt|quot|#[0-9]+);`)
)

// balanced asserts that HTML is made of whole tags, each closed in turn, and of escaped text. It is stricter than a
// browser: only what the builder itself writes passes, so nothing of the writer's can be taken for a tag.
func balanced(t *testing.T, what, s string) {
	t.Helper()
	var open []string
	for i := 0; i < len(s); {
		switch s[i] {
		case '<':
			m := tagRE.FindStringSubmatch(s[i:])
			if m == nil {
				t.Errorf("%s: no tag at %q", what, s[i:min(len(s), i+40)])
				return
			}
			switch {
			case m[2] == "br" || m[2] == "wbr" || m[2] == "hr":
			case m[2] == "script" || m[2] == "style" || m[2] == "iframe" || activeRE.MatchString(m[3]):
				t.Errorf("%s: %s may not be here", what, m[0])
			case m[1] == "":
				open = append(open, m[2])
			case len(open) == 0 || open[len(open)-1] != m[2]:
				t.Errorf("%s: %s closes, open are %v in %q", what, m[0], open, s)
				return
			default:
				open = open[:len(open)-1]
			}
			for _, a := range addrRE.FindAllStringSubmatch(m[0], -1) {
				if active[schemeOf(unescape(a[1]))] {
					t.Errorf("%s: the address %q can run code", what, a[1])
				}
			}
			i += len(m[0])
		case '>', '"':
			t.Errorf("%s: %q is not escaped in %q", what, s[i], s[max(0, i-20):min(len(s), i+20)])
			return
		case '&':
			m := entRE.FindString(s[i:])
			if m == "" {
				t.Errorf("%s: & is not escaped in %q", what, s[i:min(len(s), i+20)])
				return
			}
			i += len(m)
		default:
			i++
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: %v never close in %q", what, open, s)
	}
}

// TestDeepNesting says that a line of block markers is read, as text from some depth on. Without a limit the stack
// overflows, which no recover can catch.
func TestDeepNesting(t *testing.T) {
	for _, marker := range []string{"> ", "1. ", "- a\n", ": ", "[^a]: ", ">\t"} {
		src := []byte("a\n" + strings.Repeat(marker, 5000) + "text\n")
		p := ParseDoc(DocInput{File{"content/x.md", src}, Settings{Language: "en"}})
		deepest, depth := 0, 0
		for _, m := range regexp.MustCompile(`<(/?)(?:blockquote|[uod]l)`).FindAllStringSubmatch(holes(p.Doc.Body), -1) {
			if m[1] == "/" {
				depth--
			} else {
				depth++
			}
			deepest = max(deepest, depth)
		}
		if deepest > 101 {
			t.Errorf("%q: %d levels", marker, deepest)
		}
	}
}

// TestManyRecords crosses the size from which tables keep an index of their keys, in every format that has keys.
func TestManyRecords(t *testing.T) {
	var toml, json, yaml strings.Builder
	json.WriteString(`[{"id": "a", "type": "book"`)
	yaml.WriteString("- id: a\n  type: book\n")
	for i := range 40 {
		fmt.Fprintf(&toml, "[f%d]\nlabel = \"L\"\nvalue = %d\nunit = \"u\"\nas_of = \"2020\"\nsource = \"s\"\n", i, i)
		fmt.Fprintf(&json, `, "k%d": 1`, i)
		fmt.Fprintf(&yaml, "  k%d: 1\n", i)
	}
	json.WriteString(`, "title": "T"`)
	yaml.WriteString("  title: T\n")
	facts := ParseData(DataInput{File: File{"content/data/facts.toml", []byte(toml.String())}})
	if len(facts.Findings) > 0 || len(facts.Data.Facts) != 40 || facts.Data.Facts[39].Value != "39" || facts.Data.Facts[39].ID != "f39" {
		t.Errorf("facts: %+v", facts)
	}
	for name, text := range map[string][2]string{"sources.json": {json.String() + "}]", json.String() + `, "k7": 2}]`}, "sources.yaml": {yaml.String(), yaml.String() + "  k7: 2\n"}} {
		p := ParseData(DataInput{File: File{"content/data/" + name, []byte(text[0])}})
		codes := map[string]int{}
		for _, f := range p.Findings {
			codes[f.Code]++
		}
		if fmt.Sprint(codes) != "map[unknown-key:40]" || len(p.Data.Sources) != 1 || p.Data.Sources[0].Title.Text != "T" {
			t.Errorf("%s: findings %v, sources %+v", name, codes, p.Data.Sources)
		}
		p = ParseData(DataInput{File: File{"content/data/" + name, []byte(text[1])}})
		if len(p.Findings) != 1 || p.Findings[0].Message != `the key "k7" stands here twice` {
			t.Errorf("%s: findings %+v", name, p.Findings)
		}
	}
}

// TestAliasesThatExplode says that a short YAML file cannot stand for an endless one.
func TestAliasesThatExplode(t *testing.T) {
	text := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 12; i++ {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10))
	}
	_, fs := readYAML("x.yaml", []byte(text), 0, len(text), "bad-record")
	if len(fs) != 1 || fs[0].Message != "the *names in this file stand for too much text" {
		t.Errorf("findings: %+v", fs)
	}
}
