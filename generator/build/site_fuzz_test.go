package build

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"gloss"
	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/render"
	"gloss/generator/site"
)

// FuzzSite breaks whole sites as slips, merges, synchronising programs and bad disks do, and builds them after each slip:
// cold, and warm from the build before. Whatever is broken,
//   - nothing panics: an internal-error is a failure here,
//   - the warm build is the cold one: files, findings, graph,
//   - each finding stands in a file of the site, within its text, and so do its fixes; an unreadable file has one,
//   - the time is in proportion to the size of the site (while fuzzing alone, see slowest).
//
// It starts from the first site, the guide, the fixtures of testdata/findings, and the two sites of the tests of
// incremental builds. script chooses what happens, text is what the fuzzer itself would write somewhere.
func FuzzSite(f *testing.F) {
	sites, known := fuzzedSites(f), themes{}
	for i := range sites {
		f.Add(slices.Concat([]byte{byte(i), 0}, []byte("0123456789abcdefghijklmnopq")), "[[a]] [5](fact:n) ^x")
		f.Add(slices.Concat([]byte{byte(i), 9}, []byte("\x0a\x50\x03\x77\x05\x21\xf0\x0b\x44\x99\x07\x13\x0c\xab\x06\x31\x08\x62\x01\x70")), "---\ntitle: \"x\n---\n")
	}
	f.Fuzz(func(t *testing.T, script []byte, text string) {
		at := 0
		pick := func(n int) int {
			if n < 2 || at >= len(script) {
				return 0
			}
			at++
			v := int(script[at-1])
			if n > 256 && at < len(script) { // a place in a long text takes two bytes
				v = v<<8 | int(script[at])
				at++
			}
			return v % n
		}
		s := sites[pick(len(sites))]
		b := &breaker{files: s.sample(pick), pick: pick, text: text, first: map[string]string{}}
		for n, x := range b.files {
			b.first[n] = x
		}
		if pick(16) == 15 {
			s.theme = "default"
		}
		warm := known.memo(s, t)
		log := s.name + ": "
		begin := time.Now()
		for round := range 6 {
			if round > 0 && (at >= len(script) || fuzzing() && time.Since(begin) > 2*time.Second) { // the fuzzer takes ten for a hang
				break
			}
			for range 1 + pick(3) {
				log += b.slip() + "; "
			}
			if bad := b.builds(t, s, warm, known.memo(s, t)); bad != "" {
				t.Fatalf("after %s\n%s", log, bad)
			}
		}
	})
}

// slowest is how long both builds of a site may take together while fuzzing, on a machine that does much else: 20 s, and
// a tenth of a millisecond for each byte.
func slowest(bytes int) time.Duration {
	return 20*time.Second + time.Duration(bytes)*100*time.Microsecond
}

// fuzzed is a site to start from.
type fuzzed struct {
	name  string
	files map[string]string
	theme string // "glass" or "default"
}

func (s fuzzed) layouts() fs.FS {
	if s.theme == "glass" {
		return glass
	}
	return gloss.Theme
}

func fuzzedSites(tb testing.TB) []fuzzed {
	out := []fuzzed{{"start", start(), "glass"}, {"rich", rich(everything()), "glass"}}
	fixtures, err := filepath.Glob("../testdata/findings/*.txtar")
	if err != nil || len(fixtures) == 0 {
		tb.Fatalf("no fixtures: %v", err)
	}
	for _, name := range append(fixtures, "../testdata/tiny.txtar", "../testdata/arabic.txtar") {
		a, err := txtar.ParseFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		files := map[string]string{}
		for _, x := range a.Files {
			if top, _, _ := strings.Cut(x.Name, "/"); slices.Contains(append(Tops, "site.toml"), top) {
				files[x.Name] = string(x.Data)
			}
		}
		if files["site.toml"] != "" {
			out = append(out, fuzzed{path.Base(name), files, "glass"})
		}
	}
	for _, dir := range []string{"../..", "../../docs"} {
		files := map[string]string{}
		for _, top := range append(Tops, "site.toml") {
			err := filepath.WalkDir(filepath.Join(dir, top), func(p string, d fs.DirEntry, err error) error {
				if os.IsNotExist(err) {
					return nil
				}
				if err != nil || d.IsDir() || Hidden(p) || top == "layouts" || top == "static" { // which are the theme
					return err
				}
				text, err := os.ReadFile(p)
				name, _ := filepath.Rel(dir, p)
				files[filepath.ToSlash(name)] = string(text)
				return err
			})
			if err != nil {
				tb.Fatal(err)
			}
		}
		out = append(out, fuzzed{"the site in " + dir, files, "glass"})
	}
	return out
}

// sample returns the files of a site; of a large one ten pages, so that many inputs can be tried.
func (s fuzzed) sample(pick func(int) int) map[string]string {
	out := map[string]string{}
	var pages []string
	for name, text := range s.files {
		if strings.HasSuffix(name, ".md") {
			pages = append(pages, name)
		} else {
			out[name] = text
		}
	}
	slices.Sort(pages)
	if len(pages) > 30 {
		step, from := 1+len(pages)/10, pick(len(pages))
		for i := range 10 {
			name := pages[(from+i*step)%len(pages)]
			out[name] = s.files[name]
		}
		return out
	}
	for _, name := range pages {
		out[name] = s.files[name]
	}
	return out
}

// breaker breaks the files of a site.
type breaker struct {
	files, first map[string]string // as they are, and as they were at first
	pick         func(n int) int
	text         string // what the fuzzer writes
}

// signs are what our syntax, its neighbours and the formats of data begin and end with.
var signs = []string{"[[", "]]", "](", "[", "]", "![[", "[@", "@", "#", "^", "|", "---\n", "+++\n", ":::", "```", "```chart\n", "```timeline\n", "> [!known]\n", "%%", "<!--", "-->", "<!--more-->", "{{<", "<%", "<<<<<<< HEAD\n", "$$", "~", "~~", "==",
	"\"", "'", "\"\"\"", "=", "{", "}", ",", ";", ":", "\t", "\n", "\r\n", "\r", "\n\n", "    ", "\x00", "\xff", "\ufeff", "\u200f", "\u202e", "\u2028", "\u00a0", "é", "e\u0301", "中", "٣", "<script>", "&lt;", "\\", "*", "_", "-", "1. ",
	"0", "-1", "1e999", "99999999999999999999", "3,5", "1.234,5", "½", "2024-02-30", "2024-13", "0000", "(fact:n)", "(event:ev)", "(claim:c)", "fact:", "http://", "javascript:x", "../../..", "[^n]", "[^n]: ", ": ", "- ", "true", "null", "&a ", "*a", "!!binary ", "=SUM(A1)"}

// slip does one thing to the files and says what.
func (b *breaker) slip() string {
	names := make([]string, 0, len(b.files))
	for n := range b.files {
		names = append(names, n)
	}
	slices.Sort(names)
	name, other := names[b.pick(len(names))], names[b.pick(len(names))]
	text := b.files[name]
	cut := func(text string) (from, to int) { // a stretch of it
		from = b.pick(len(text) + 1)
		return from, min(len(text), from+1+b.pick(60))
	}
	lines := func(text string) (list []string, from, to int) {
		list = strings.SplitAfter(text, "\n")
		from = b.pick(len(list))
		return list, from, min(len(list), from+1+b.pick(4))
	}
	switch b.pick(15) {
	case 0:
		if len(text) > 0 {
			i := b.pick(len(text))
			b.files[name] = text[:i] + string([]byte{text[i] ^ 1<<b.pick(8)}) + text[i+1:]
		}
		return "flip a bit of " + name
	case 1:
		from, to := cut(text)
		b.files[name] = text[:from] + text[to:]
		return "cut a stretch of " + name
	case 2:
		list, from, to := lines(text)
		b.files[name] = strings.Join(slices.Delete(list, from, to), "")
		return "cut lines of " + name
	case 3:
		list, at, _ := lines(text)
		more, from, to := lines(b.files[other])
		b.files[name] = strings.Join(slices.Insert(list, at, more[from:to]...), "")
		return "put lines of " + other + " into " + name
	case 4:
		b.files[name], b.files[other] = b.files[other], text
		return "swap " + name + " and " + other
	case 5:
		if name != "site.toml" {
			to := []string{"content/terms/", "content/who/", "content/events/", "content/sections/", "content/", "content/data/", "content/a/b/", "static/", "layouts/"}[b.pick(9)] + path.Base(name)
			delete(b.files, name)
			b.files[to] = text
			return "move " + name + " to " + to
		}
	case 6:
		if name != "site.toml" {
			delete(b.files, name)
			return "delete " + name
		}
	case 7:
		to := path.Dir(name) + "/" + []string{"copy-", "x", "É", "a b "}[b.pick(4)] + path.Base(name)
		b.files[to] = text
		return "copy " + name + " to " + to
	case 8:
		if name != other {
			list, from, to := lines(text)
			more, at, _ := lines(b.files[other])
			b.files[other] = strings.Join(slices.Insert(more, at, list[from:to]...), "")
			b.files[name] = strings.Join(slices.Delete(list, from, to), "")
			return "move lines of " + name + " to " + other
		}
	case 9:
		at := b.pick(len(text) + 1)
		b.files[name] = text[:at] + b.text + text[at:]
		return "write something into " + name
	case 10, 11:
		at := b.pick(len(text) + 1)
		b.files[name] = text[:at] + signs[b.pick(len(signs))] + text[at:]
		return "write a sign into " + name
	case 12:
		from, to := cut(b.files[other])
		at := b.pick(len(text) + 1)
		b.files[name] = text[:at] + b.files[other][from:to] + text[at:]
		return "put a stretch of " + other + " into " + name
	case 13:
		b.files[name] = text[:b.pick(len(text)+1)]
		return "cut off the end of " + name
	case 14:
		if was, ok := b.first[name]; ok {
			b.files[name] = was
			return "take back " + name
		}
	}
	return "nothing"
}

// themes remembers how each theme is parsed, which takes as long as a small site takes to build.
type themes map[string]step

// memo is a memo that knows nothing but a theme.
func (known themes) memo(s fuzzed, tb testing.TB) *Memo {
	key := stepKey{"layouts", ""}
	m := &Memo{steps: map[stepKey]*step{}, misses: map[string]int{}}
	parsed, ok := known[s.theme]
	if !ok {
		t := themed(tb, map[string]string{"site.toml": ""}, s.layouts())
		Do(m, key.stage, key.name, render.LayoutInput{Files: t.Layouts}, render.ParseLayouts)
		parsed = *m.steps[key]
		known[s.theme] = parsed
	}
	m.steps[key] = &parsed
	return m
}

// builds builds the files cold and warm and returns what is wrong with that.
func (b *breaker) builds(t *testing.T, s fuzzed, warm, fresh *Memo) string {
	tr := themed(t, b.files, s.layouts())
	env := Env{Env: site.Env{Today: "2024-06-01", All: b.pick(4) == 3}, Workers: 1}
	size := 0
	for _, text := range b.files {
		size += len(text)
	}
	start := time.Now()
	cold, hot := Build(tr, env, fresh), Build(tr, env, warm)
	if took := time.Since(start); took > slowest(size) && fuzzing() {
		return "a site of so many bytes takes " + took.String()
	}
	for _, r := range []*Result{cold, hot} {
		if bad := soundFindings(tr, r); bad != "" {
			return bad
		}
	}
	for name := range cold.Files {
		if !fs.ValidPath(name) {
			return "the output has a file " + name
		}
	}
	for name, p := range cold.Posters {
		if b.pick(32) == 31 {
			if fault := diag.Catch(func() { render.DrawPoster(p) }); fault != nil {
				return "draw " + name + ": " + fault.Error()
			}
		}
		break
	}
	return differ(t, cold, hot)
}

// fuzzing says whether the fuzzer is at work, and not just its corpus.
func fuzzing() bool {
	f := flag.Lookup("test.fuzzworker")
	return f != nil && f.Value.String() == "true"
}

// soundFindings returns what is wrong with the findings of a build.
func soundFindings(t *Tree, r *Result) string {
	unreadable := map[string]int{}
	for _, f := range slices.Concat(r.Findings, r.Hidden, r.Waiting) {
		say := func(what string) string { return f.Span.File + ": " + f.Message + " [" + f.Code + "]: " + what }
		if f.Code == diag.InternalError {
			return say(f.Calls)
		}
		if !slices.ContainsFunc(diag.Codes, func(c diag.Code) bool { return c.Name == f.Code }) {
			return say("there is no such code")
		}
		if f.Message == "" || strings.Contains(f.Message, "\n") {
			return say("a message is one line")
		}
		spans := []diag.Span{f.Span}
		for _, x := range f.Related {
			spans = append(spans, x.Span)
		}
		for _, x := range f.Fixes {
			spans = append(spans, x.Span)
		}
		for _, s := range spans {
			text, ok := t.Bytes[s.File]
			if !ok && s.Start == 0 && s.End == 0 && slices.ContainsFunc(t.files, func(f content.File) bool { return strings.HasPrefix(f.Name, s.File+"/") }) {
				continue // a folder
			}
			if !ok || s.Start < 0 || s.End < s.Start || s.Start > len(text) || s.End > max(1, len(text)) { // an empty file has a first sign, too
				return say("it stands outside " + s.File)
			}
		}
	}
	for _, f := range r.Findings {
		if f.Unreadable {
			if unreadable[f.Span.File]++; unreadable[f.Span.File] > 1 {
				return f.Span.File + " is unreadable twice"
			}
		}
	}
	return ""
}
