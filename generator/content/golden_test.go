package content

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gloss/generator/diag"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestConstructs reads every x.md in testdata/*.txtar and compares what it says with x.out beside it: the HTML with
// its holes as ⟦3⟧ and ⟦/3⟧, then references, blocks, notes and findings.
func TestConstructs(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no goldens in testdata: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			comment, files := unpack(b)
			var out []File
			want := map[string]string{}
			for _, f := range files {
				if strings.HasSuffix(f.Name, ".out") {
					want[strings.TrimSuffix(f.Name, ".out")] = string(f.Text)
				}
			}
			for _, f := range files {
				if !strings.HasSuffix(f.Name, ".md") {
					continue
				}
				key := strings.TrimSuffix(f.Name, ".md")
				in := File{"content/" + f.Name, f.Text}
				p := ParseDoc(DocInput{in, Settings{Language: "en"}})
				check(t, f.Text, p)
				got := dump(f.Text, p)
				out = append(out, f, File{key + ".out", []byte(got)})
				if got != want[key] && !*update {
					t.Errorf("%s: %s\ngot:\n%s\nwant:\n%s", f.Name, f.Text, got, want[key])
				}
			}
			if len(out) == 0 {
				t.Fatal("no .md files")
			}
			if *update {
				if err := os.WriteFile(name, pack(comment, out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// unpack reads the txtar format: a comment, and files that each start with a line "-- name --".
func unpack(b []byte) (comment string, files []File) {
	var cur *File
	for _, line := range bytes.SplitAfter(b, []byte("\n")) {
		if s := string(bytes.TrimRight(line, "\n")); strings.HasPrefix(s, "-- ") && strings.HasSuffix(s, " --") {
			files = append(files, File{Name: strings.TrimSpace(s[3 : len(s)-3])})
			cur = &files[len(files)-1]
		} else if cur == nil {
			comment += string(line)
		} else {
			cur.Text = append(cur.Text, line...)
		}
	}
	return comment, files
}

func pack(comment string, files []File) []byte {
	var b bytes.Buffer
	b.WriteString(comment)
	for _, f := range files {
		fmt.Fprintf(&b, "-- %s --\n%s", f.Name, f.Text)
	}
	return b.Bytes()
}

// dump writes what a page says as text.
func dump(src []byte, p ParsedDoc) string {
	var s strings.Builder
	d := p.Doc
	at := func(sp diag.Span) string {
		a, b := diag.Locate(src, sp.Start), diag.Locate(src, sp.End)
		text := string(src[sp.Start:sp.End])
		if len(text) > 60 {
			text = text[:30] + "…" + text[len(text)-20:]
		}
		return fmt.Sprintf("%d:%d-%d:%d %q", a.Line, a.Column, b.Line, b.Column, strings.ToValidUTF8(text, "…"))
	}
	if d.Meta.Title != strings.TrimSuffix(filepath.Base(d.Name), ".md") {
		fmt.Fprintf(&s, "title: %q %s\n", d.Meta.Title, at(d.Meta.TitleSpan))
	}
	s.WriteString(holes(d.Body))
	if !strings.HasSuffix(s.String(), "\n") {
		s.WriteByte('\n')
	}
	for i, r := range d.Refs {
		fmt.Fprintf(&s, "ref %d: %s", i, r.Kind)
		word := func(name, v string) {
			if v != "" {
				fmt.Fprintf(&s, " %s=%q", name, v)
			}
		}
		flag := func(name string, on bool) {
			if on {
				s.WriteString(" " + name)
			}
		}
		word("target", r.Target)
		word("fragment", r.Fragment)
		word("at", r.At)
		word("label", r.Label)
		word("title", r.Title)
		word("prefix", r.Cite.Prefix)
		word("locator", r.Cite.Locator)
		word("alt", r.Image.Alt)
		if r.Image.Width > 0 {
			fmt.Fprintf(&s, " size=%dx%d", r.Image.Width, r.Image.Height)
		}
		switch r.Kind {
		case RefNote, RefAside, RefChart, RefTimeline:
			fmt.Fprintf(&s, " index=%d", r.Index)
		}
		flag("wiki", r.Wiki)
		flag("planned", r.Planned)
		flag("narrative", r.Cite.Narrative)
		flag("no-author", r.Cite.NoAuthor)
		flag("decorative", r.Image.Decorative)
		flag("hidden", r.Hidden)
		flag("answer", r.Answer)
		fmt.Fprintf(&s, " | %s", at(r.Span))
		if r.Words.File != "" {
			fmt.Fprintf(&s, " words %s", at(r.Words))
		}
		if r.Block >= 0 {
			fmt.Fprintf(&s, " | block %d", r.Block)
			if t := d.Blocks[r.Block].Text; r.To > r.From && r.To <= len(t) {
				fmt.Fprintf(&s, " %q", t[r.From:r.To])
			}
		}
		s.WriteByte('\n')
	}
	for i, h := range d.Heads {
		fmt.Fprintf(&s, "head %d: h%d id=%q %q block %d | %s\n", i, h.Level, h.ID, h.Text, h.Block, at(h.Span))
	}
	for i, b := range d.Blocks {
		fmt.Fprintf(&s, "block %d: %s id=%q", i, b.Kind, b.ID)
		for name, on := range map[string]bool{"": false, " named": b.Named} {
			if on {
				s.WriteString(name)
			}
		}
		if b.Top {
			s.WriteString(" top")
		}
		if b.Callout {
			s.WriteString(" in-callout")
		}
		if b.Cites {
			s.WriteString(" cites")
		}
		fmt.Fprintf(&s, " head=%d section=%d words=%d %q | %s\n", b.Head, b.Section, b.Words, b.Text, at(b.Span))
	}
	for i, n := range d.Notes {
		fmt.Fprintf(&s, "note %d: %q uses=%d block=%d words=%d %q %s | %s\n", i, n.Label, n.Uses, n.Block, n.Words, n.Text, holes(n.Body), at(n.Span))
	}
	for i, c := range d.Callouts {
		fmt.Fprintf(&s, "callout %d: %s block=%d cites=%t %q | %s\n", i, c.Type, c.Block, c.Cites, c.Text, at(c.Span))
	}
	for i, c := range d.Charts {
		fmt.Fprintf(&s, "chart %d: id=%q %s %q facts=%v events=%v sources=%v data=%q | %s\n", i, c.ID, c.Type, c.Title.Text, c.Facts, c.Events, c.Sources, c.Data, at(c.Span))
	}
	for i, l := range d.Lines {
		fmt.Fprintf(&s, "timeline %d: %s–%s about=%q ids=%v | %s\n", i, l.From, l.To, l.About, l.IDs, at(l.Span))
	}
	for _, r := range d.Runs {
		fmt.Fprintf(&s, "run: section=%d block=%d offset=%d %q\n", r.Section, r.Block, r.Offset, d.Body[r.Piece].HTML[r.From:r.To])
	}
	if d.More != nil {
		fmt.Fprintf(&s, "more: after %q\n", tail(d.Body, *d.More))
	}
	if d.HasRefs {
		s.WriteString("has refs\n")
	}
	for _, f := range p.Findings {
		sev := ""
		if f.Severity != diag.Default {
			sev = " (" + f.Severity.String() + ")"
		}
		fmt.Fprintf(&s, "%s %s%s %s [%s]\n", at(f.Span), f.Code, sev, f.Message, f.Hint)
	}
	return s.String()
}

func holes(body []Piece) string {
	var s strings.Builder
	for _, p := range body {
		switch {
		case p.Ref < 0:
			s.WriteString(p.HTML)
		case p.Close:
			fmt.Fprintf(&s, "⟦/%d⟧", p.Ref)
		default:
			fmt.Fprintf(&s, "⟦%d⟧", p.Ref)
		}
	}
	return s.String()
}

// tail is the end of the HTML before a place.
func tail(body []Piece, p Pos) string {
	s := holes(body[:p.Piece])
	if p.Piece < len(body) {
		s += body[p.Piece].HTML[:p.Offset]
	}
	return s[max(0, len(s)-20):]
}
