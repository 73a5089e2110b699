package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// TestFindings builds every site of testdata/findings/*.txtar and holds what is found against its want.txt, one to one.
// A line of want.txt is
//
//	code file:line:col-endline:endcol part of the message
//
// The comment before the first file says what text cannot hold, one a line, applied in order:
//
//	env drafts | build | today=DAY | base=URL | published=FILE   what the command line says
//	crlf FILE       line ends become CR LF
//	bom FILE        a byte order mark at the start
//	bytes FILE OLD NEW   OLD becomes the bytes of the Go string NEW
//	grow FILE N     lines of filler up to N bytes
//	noise FILE N    text that does not compress, N bytes
//	symlink FILE TARGET
//	rename FILE NAME     NAME is a Go string
//
// Together the sites called every-*.txtar have each code exactly once, at its default level.
func TestFindings(t *testing.T) {
	for _, name := range fixtures(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			f := parseFixture(t, name)
			tree, r := f.build(t, 0)
			var got []string
			for _, x := range allFindings(r) {
				got = append(got, line(tree, x))
				checkFinding(t, tree, x)
				t.Logf("%s\n\t%q", line(tree, x), tree.Source(x.Span.File)[x.Span.Start:min(x.Span.End, len(tree.Source(x.Span.File)))])
			}
			matchAll(t, got, f.want)
			if strings.HasPrefix(filepath.Base(name), "every-") {
				for _, x := range allFindings(r) {
					sev := x.Severity
					if want := diag.Level(x.Code); sev != want {
						t.Errorf("%s: got level %s, want %s", line(tree, x), sev, want)
					}
				}
			}
		})
	}
}

// TestFindingsOff turns every code off that can be: the sites that are wrong in every way still build without a panic.
func TestFindingsOff(t *testing.T) {
	for _, name := range fixtures(t) {
		f := parseFixture(t, name)
		var b strings.Builder
		b.WriteString("\n[checks]\n")
		for _, c := range diag.Codes {
			fmt.Fprintf(&b, "%s = \"off\"\n", c.Name)
		}
		for i := range f.files {
			if f.files[i].Name == "site.toml" {
				text, _, _ := bytes.Cut(f.files[i].Data, []byte("[checks]"))
				f.files[i].Data = append(bytes.Clone(text), b.String()...)
			}
		}
		_, r := f.build(t, 0)
		for _, x := range r.Findings {
			if !x.Unreadable && x.Code != "layout-error" && x.Code != "unknown-field" && x.Code != "bad-config" && x.Code != "unknown-key" {
				t.Errorf("%s: %s is off and still reported: %s", name, x.Code, x.Message)
			}
		}
		for path := range r.Files {
			if !fs.ValidPath(path) {
				t.Errorf("%s: the output has a file %q", name, path)
			}
		}
		if _, _, err := build.Write(filepath.Join(t.TempDir(), "out"), r, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFindingsDeterministic builds the sites that are wrong in every way many times: the same findings in the same
// order, however many workers there are.
func TestFindingsDeterministic(t *testing.T) {
	t.Parallel()
	for _, name := range fixtures(t) {
		f := parseFixture(t, name)
		tree, first := f.build(t, 1)
		for i := range 8 {
			r := build.Build(tree, build.Env{Env: f.env, Workers: 1 + 15*(i%2)}, nil)
			if d := cmp.Diff(first.Findings, r.Findings); d != "" {
				t.Errorf("%s: build %d differs (-first +now):\n%s", name, i, d)
				break
			}
		}
	}
}

var heading = regexp.MustCompile(`(?m)^## ([a-z0-9-]+)[ \t]*$`)

// TestZCodes holds the three lists of codes against one another: the program's, the guide's and the fixtures'. It runs
// last, as the guide may come last.
func TestZCodes(t *testing.T) {
	var codes, fixed, told []string
	fixed = append(fixed, diag.InternalError) // which no input that is known gives: see TestFaults
	for _, c := range diag.Codes {
		codes = append(codes, c.Name)
		if c.Level != diag.Error && c.Level != diag.Warning && c.Level != diag.Off || c.About == "" || !regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`).MatchString(c.Name) {
			t.Errorf("diag.Codes has %+v", c)
		}
	}
	for _, name := range fixtures(t) {
		if !strings.HasPrefix(filepath.Base(name), "every-") {
			continue
		}
		for _, w := range parseFixture(t, name).want {
			code, _, _ := strings.Cut(w, " ")
			fixed = append(fixed, code)
		}
	}
	for _, page := range []string{"findings.md", "warnings.md"} {
		guide, err := os.ReadFile("../docs/content/" + page)
		if err != nil {
			t.Errorf("the guide has no page of findings: %v", err)
		}
		for _, m := range heading.FindAllSubmatch(guide, -1) {
			told = append(told, string(m[1]))
		}
	}
	slices.Sort(codes)
	slices.Sort(fixed)
	slices.Sort(told)
	if d := cmp.Diff(codes, fixed); d != "" {
		t.Errorf("every code has exactly one fixture in every-*.txtar (-codes +fixtures):\n%s", d)
	}
	if d := cmp.Diff(codes, told); d != "" {
		t.Errorf("every code has one heading in docs/content/findings.md or warnings.md (-codes +guide):\n%s", d)
	}
}

type fixture struct {
	name  string
	env   site.Env
	steps [][]string
	files []txtar.File
	want  []string
}

func fixtures(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/findings/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	return names
}

func parseFixture(t *testing.T, name string) *fixture {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{name: name, env: site.Env{All: true}}
	published := ""
	for _, l := range strings.Split(string(a.Comment), "\n") {
		words := strings.Fields(l)
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "env":
			key, val, _ := strings.Cut(words[1], "=")
			switch key {
			case "drafts":
				f.env.Drafts = true
			case "build":
				f.env.Build = true
			case "today":
				f.env.Today = val
			case "base":
				f.env.BaseURL = val
			case "published":
				published = val
			default:
				t.Fatalf("%s: no env %q", name, key)
			}
		default:
			f.steps = append(f.steps, words)
		}
	}
	for _, x := range a.Files {
		if x.Name == "want.txt" {
			for _, l := range strings.Split(string(x.Data), "\n") {
				if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
					f.want = append(f.want, l)
				}
			}
			continue
		}
		if published != "" && x.Name == published {
			if f.env.Published, err = site.ReadManifest(x.Data); err != nil {
				t.Fatalf("%s: %s: %v", name, x.Name, err)
			}
			continue
		}
		f.files = append(f.files, x)
	}
	return f
}

// write lays the site out in a folder.
func (f *fixture) write(t *testing.T, dir string) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
	}
	for _, x := range f.files {
		at := filepath.Join(dir, filepath.FromSlash(x.Name))
		check(os.MkdirAll(filepath.Dir(at), 0o755))
		check(os.WriteFile(at, x.Data, 0o644))
	}
	for _, s := range f.steps {
		at := filepath.Join(dir, filepath.FromSlash(s[1]))
		check(os.MkdirAll(filepath.Dir(at), 0o755))
		if s[0] == "rename" {
			to, err := strconv.Unquote(s[2])
			check(err)
			check(os.Rename(at, filepath.Join(dir, filepath.FromSlash(to))))
			continue
		}
		if s[0] == "symlink" {
			check(os.Symlink(s[2], at))
			continue
		}
		text, err := os.ReadFile(at)
		if err != nil && s[0] != "noise" && s[0] != "grow" {
			check(err)
		}
		switch s[0] {
		case "crlf":
			text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
		case "bom":
			text = append([]byte("\xEF\xBB\xBF"), text...)
		case "bytes":
			to, err := strconv.Unquote(s[3])
			check(err)
			if bytes.Count(text, []byte(s[2])) != 1 {
				t.Fatalf("%s: %s does not hold %q once", f.name, s[1], s[2])
			}
			text = bytes.Replace(text, []byte(s[2]), []byte(to), 1)
		case "grow":
			n, err := strconv.Atoi(s[2])
			check(err)
			for len(text) < n {
				text = append(text, "\nmore and more of it"[:min(20, n-len(text))]...)
			}
		case "noise":
			n, err := strconv.Atoi(s[2])
			check(err)
			text = append(text, noise(n)...)
		default:
			t.Fatalf("%s: no step %q", f.name, s[0])
		}
		check(os.WriteFile(at, text, 0o644))
	}
}

// noise is text that a compressor can do little with, in paragraphs without capitals or links; always the same.
func noise(n int) string {
	var b strings.Builder
	x := uint64(1)
	for b.Len() < n {
		x = x*6364136223846793005 + 1442695040888963407
		var raw [8]byte
		binary.BigEndian.PutUint64(raw[:], x)
		for _, c := range raw[:5] {
			b.WriteByte('a' + c%26)
		}
		switch {
		case x>>60 == 0 && b.Len()%7 == 0:
			b.WriteString(".\n\n")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String() + "\n"
}

func (f *fixture) build(t *testing.T, workers int) (*build.Tree, *build.Result) {
	t.Helper()
	dir := t.TempDir()
	f.write(t, dir)
	tree, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatalf("%s: %v", f.name, err)
	}
	return tree, build.Build(tree, build.Env{Env: f.env, Workers: workers}, nil)
}

func allFindings(r *build.Result) []diag.Finding {
	return diag.Sort(slices.Concat(r.Findings, r.Hidden, r.Waiting))
}

// line writes a finding as want.txt does.
func line(t *build.Tree, x diag.Finding) string {
	text := t.Source(x.Span.File)
	a, b := diag.Locate(text, x.Span.Start), diag.Locate(text, x.Span.End)
	file := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, x.Span.File)
	return fmt.Sprintf("%s %s:%d:%d-%d:%d %s", x.Code, file, a.Line, a.Column, b.Line, b.Column, x.Message)
}

// checkFinding holds every finding to what holds for all: a code that exists, a span inside its file and not inverted,
// a message of one line, and fixes that lie in the finding's file.
func checkFinding(t *testing.T, tree *build.Tree, x diag.Finding) {
	t.Helper()
	if !slices.ContainsFunc(diag.Codes, func(c diag.Code) bool { return c.Name == x.Code }) {
		t.Errorf("%q is not in diag.Codes: %s", x.Code, line(tree, x))
	}
	spans := []diag.Span{x.Span}
	for _, r := range x.Related {
		spans = append(spans, r.Span)
	}
	for _, f := range x.Fixes {
		spans = append(spans, f.Span)
	}
	for _, s := range spans {
		text, known := tree.Bytes[s.File]
		if !known && s != (diag.Span{File: s.File}) {
			t.Errorf("a span in no file of the site, %+v: %s", s, line(tree, x))
		}
		if s.File == "" || s.Start < 0 || s.End < s.Start || known && s.End > len(text) {
			t.Errorf("a span outside its file, %+v of %d bytes: %s", s, len(text), line(tree, x))
		}
	}
	if x.Message == "" || strings.ContainsAny(x.Message+x.Hint, "\n\r\x00") {
		t.Errorf("a message or hint that is not one line: %q, %q", x.Message, x.Hint)
	}
}

// matchAll pairs every finding with one line of want.txt and reports what is left on either side.
func matchAll(t *testing.T, got, want []string) {
	t.Helper()
	left := slices.Clone(want)
	for _, g := range got {
		place := func(s string) string {
			w := strings.SplitN(s, " ", 3)
			return strings.Join(w[:min(2, len(w))], " ")
		}
		i := slices.IndexFunc(left, func(w string) bool {
			part := strings.TrimSpace(strings.TrimPrefix(w, place(w)))
			return place(w) == place(g) && strings.Contains(strings.TrimPrefix(g, place(g)), part)
		})
		if i < 0 {
			t.Errorf("found and not wanted: %s", g)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, w := range left {
		t.Errorf("wanted and not found: %s", w)
	}
}
