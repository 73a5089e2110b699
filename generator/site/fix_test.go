package site

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// folder is a site in memory, with what was parsed of its files.
type folder struct {
	config content.Config
	files  map[string]string
	docs   map[string]*content.Doc  // by name and text
	data   map[string]*content.Data // by name and text
}

func newFolder(files map[string]string) *folder {
	f := &folder{files: files, docs: map[string]*content.Doc{}, data: map[string]*content.Data{}}
	f.config = content.ParseConfig(content.File{Name: "site.toml", Text: []byte(files["site.toml"])}).Config
	return f
}

// readFolder reads the texts of a site from the disk.
func readFolder(t *testing.T, dir string) *folder {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || d.IsDir() || name != "site.toml" && !strings.HasPrefix(name, "content") {
			return err
		}
		text, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return newFolder(files)
}

// link links the site, with other facts in the place of those of some ids.
func (f *folder) link(facts map[string]content.Fact) (*Site, []diag.Finding) {
	in := Input{Config: f.config}
	set := content.Settings{Language: f.config.Language}
	names := make([]string, 0, len(f.files))
	for name := range f.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		file := content.File{Name: name, Text: []byte(f.files[name])}
		key := name + "\x00" + f.files[name]
		switch rel := strings.TrimPrefix(name, "content/"); {
		case name == "site.toml":
		case content.DataKind(rel) != "":
			d := f.data[key]
			if d == nil {
				p := content.ParseData(content.DataInput{File: file, Settings: set})
				d = &p.Data
				f.data[key] = d
			}
			own := *d
			own.Facts = slices.Clone(d.Facts)
			for i := range own.Facts {
				if x, ok := facts[own.Facts[i].ID]; ok {
					own.Facts[i] = x
				}
			}
			in.Data = append(in.Data, &own)
		case strings.HasSuffix(name, ".md"):
			d := f.docs[key]
			if d == nil {
				p := content.ParseDoc(content.DocInput{File: file, Settings: set})
				d = &p.Doc
				f.docs[key] = d
			}
			in.Docs = append(in.Docs, d)
		default:
			in.Assets = append(in.Assets, Asset{File: name, Path: rel})
		}
	}
	return Link(in)
}

// fixed is the site after check --fix.
func (f *folder) fixed(found []diag.Finding) *folder {
	out := *f
	out.files = map[string]string{}
	fixes := map[string][]diag.Fix{}
	for _, x := range found {
		for _, fix := range x.Fixes {
			fixes[fix.Span.File] = append(fixes[fix.Span.File], fix)
		}
	}
	for name, text := range f.files {
		b, _ := diag.Apply([]byte(text), fixes[name])
		out.files[name] = string(b)
	}
	return &out
}

// use is a place that says a fact, with what it says.
type factUse struct {
	label string
	dated bool
	quote byte
}

// usesOf are the checked places of a fact, in the order of the site, and the text of the site without their words.
func usesOf(s *Site, id string) (uses []factUse, rest string) {
	var b strings.Builder
	one := func(r *content.Ref, t Target) bool {
		if t.Thing == nil || t.Thing.Fact == nil || t.Thing.ID != id || s.checked(r, t) != content.RefFact || r.Hidden {
			fmt.Fprintf(&b, "%s %s %s %s\n", r.Kind, r.Target, r.At, r.Label)
			return false
		}
		uses = append(uses, factUse{strings.TrimSpace(r.Label), r.On != "", r.Quote})
		fmt.Fprintf(&b, "%s %s %s\n", r.Kind, r.Target, r.At)
		return true
	}
	for _, p := range s.Pages {
		cut := map[int][][2]int{}
		for i := range p.Refs {
			if r := &p.Refs[i]; one(r, p.Targets[i]) && r.Block >= 0 {
				cut[r.Block] = append(cut[r.Block], [2]int{r.From, r.To})
			}
		}
		for i, bl := range p.Blocks {
			text := bl.Text
			for _, c := range slices.Backward(cut[i]) {
				if bl.Kind != "figure" && c[1] <= len(text) {
					text = text[:c[0]] + text[c[1]:]
				}
			}
			if bl.Kind != "figure" {
				fmt.Fprintln(&b, bl.Kind, text)
			}
		}
	}
	for _, d := range s.data {
		for i := range d.Refs {
			one(&d.Refs[i], s.dataRefs[d][i])
		}
	}
	return uses, b.String()
}

var (
	someUnits    = []string{"seats", "%", "percent", "€", "million euros", "dollars", "°C", "people a day", "tonnes", "barrels"}
	somePatterns = [][]string{nil, nil, {"€{value} million"}, {"about ${value}"}, {"{value} €"}, {"US${value}", "{value} dollars"}, {"at least {value}"}, {"roughly {value}", "about {value}"},
		{"{value} percent", "{value}%"}, {"{value} in all"}, {"more than {value} of them", "{value}"}}
	someNumbers = []string{"5", "12", "180", "2500", "1234567.5", "-3.5", "-1200", "0.25", "99", "7", "40", "1000", "10.50"}
	someTexts   = []string{"10–15", "spring 2026", "Côte d'Ivoire", "a_b*c", "the \"Bridge\"", "12–20", "autumn 2027", "half & half"}
)

func oneOf[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// changed is a fact after a change that a writer may make, with what was changed.
func changed(r *rand.Rand, f content.Fact) (content.Fact, string) {
	old := f
	what := oneOf(r, []string{"value", "value", "value", "approx", "unit", "display", "value and approx", "all"})
	if strings.Contains(what, "value") || what == "all" {
		for f.Value == old.Value {
			if f.Number {
				f.Value = oneOf(r, someNumbers)
			} else {
				f.Value = oneOf(r, someTexts)
			}
		}
		// The old value is history from now on, as texts of its day go on saying it.
		f.History = append(slices.Clone(f.History), content.Past{Value: old.Value, Number: old.Number, AsOf: old.AsOf})
		f.AsOf = content.Date{ISO: "2098-05-01"}
	}
	if strings.Contains(what, "approx") || what == "all" {
		f.Approx = !f.Approx
	}
	if what == "unit" || what == "all" {
		f.Unit = oneOf(r, someUnits)
	}
	if what == "display" || what == "all" {
		f.Display = oneOf(r, somePatterns)
	}
	return f, what
}

// TestFixAfterAnyChange changes every fact of the first site, of the guide and of a generated site at random, runs what
// check --fix does, and requires that nothing is reported of it any more but in texts with a date, that hedges and patterns
// are those of before, and that nothing else changed.
func TestFixAfterAnyChange(t *testing.T) {
	rounds := 3
	if testing.Short() {
		rounds = 1
	}
	r := rand.New(rand.NewPCG(7, 11))
	sites := map[string]*folder{"first site": readFolder(t, "../.."), "guide": readFolder(t, "../../docs"), "generated": generated(r, "en"), "generated Arabic": generated(r, "ar")}
	total, mended := 0, 0
	for _, name := range []string{"first site", "guide", "generated", "generated Arabic"} {
		f := sites[name]
		before, base := f.link(nil)
		for _, x := range base {
			if x.Code == "fact-mismatch" {
				t.Fatalf("%s: %s:%q: %s", name, x.Span.File, f.files[x.Span.File][x.Span.Start:x.Span.End], x.Message)
			}
		}
		for _, thing := range before.Facts {
			uses, rest := usesOf(before, thing.ID)
			if len(uses) == 0 || thing.Fact.Status == "withdrawn" {
				continue
			}
			for range rounds {
				now, what := changed(r, *thing.Fact)
				facts := map[string]content.Fact{thing.ID: now}
				_, found := f.link(facts)
				g := f.fixed(found)
				s, left := g.link(facts)
				again, restAgain := usesOf(s, thing.ID)
				where := fmt.Sprintf("%s: %s: %s: from %s %q %q approx=%v to %s %q %q approx=%v", name, thing.ID, what,
					thing.Fact.Value, thing.Fact.Unit, thing.Fact.Display, thing.Fact.Approx, now.Value, now.Unit, now.Display, now.Approx)
				if restAgain != rest || len(again) != len(uses) {
					t.Fatalf("%s: other text changed:\n%s", where, differing(rest, restAgain))
				}
				for _, x := range left {
					if x.Code != "fact-mismatch" || slices.ContainsFunc(base, func(b diag.Finding) bool { return b.Message == x.Message }) {
						continue
					}
					dated := strings.HasPrefix(x.Message, "this text of")
					byHand := strings.HasSuffix(x.Hint, "put the whole text in double quotation marks") && strings.ContainsAny(now.Value, "'#:")
					if len(x.Fixes) > 0 || !strings.HasPrefix(x.Hint, "write ") || !(dated && what != "value") && !byHand {
						t.Errorf("%s: still reported at %q: %s (%s)", where, g.files[x.Span.File][x.Span.Start:x.Span.End], x.Message, x.Hint)
					}
				}
				if got, want := otherCodes(left), otherCodes(base); got != want {
					t.Errorf("%s: findings %s, were %s", where, got, want)
				}
				for i, u := range uses {
					total++
					a := again[i]
					if a.label != u.label {
						mended++
					}
					if u.dated && a.label != u.label {
						t.Errorf("%s: a text with a date was changed: %q to %q", where, u.label, a.label)
					}
					if want, ok := expected(s, u.label, *thing.Fact, now, what); ok && !u.dated && a.label != want && a.label != u.label {
						t.Errorf("%s: %q became %q, want %q", where, u.label, a.label, want)
					}
					if hedge, _, tail := s.cutHedge(u.label); now.Approx && thing.Fact.Approx && what != "display" && what != "all" {
						if h, _, e := s.cutHedge(a.label); h != hedge || e != tail {
							t.Errorf("%s: %q lost its hedge: %q", where, u.label, a.label)
						}
					}
				}
			}
		}
	}
	t.Logf("%d places, %d of them mended", total, mended)
	if mended < 100 {
		t.Errorf("only %d of %d places were mended", mended, total)
	}
}

// expected is a label after a change of the value alone: its numeral replaced, in its own digits. ok is false for labels
// that have more than one numeral or none, and for a minus at a sign of currency.
func expected(s *Site, label string, old, now content.Fact, what string) (string, bool) {
	hits := numeral.FindAllStringIndex(label, -1)
	if what != "value" || !now.Number || len(hits) != 1 || strings.HasPrefix(old.Value+now.Value, "-") || strings.ContainsAny(now.Value, "-") || strings.ContainsAny(old.Value, "-") {
		return "", false
	}
	v := s.number(now.Value, true)
	if strings.ContainsFunc(label, func(r rune) bool { return unicode.IsDigit(r) && r > '9' }) {
		v = strings.Map(func(r rune) rune {
			switch {
			case r >= '0' && r <= '9':
				return '٠' + r - '0'
			case r == ',':
				return '٬'
			case r == '.':
				return '٫'
			}
			return r
		}, v)
	}
	return label[:hits[0][0]] + v + label[hits[0][1]:], true
}

// differing are the lines that only one of two texts has.
func differing(a, b string) string {
	var out []string
	for _, l := range strings.Split(a, "\n") {
		if !strings.Contains(b, l) {
			out = append(out, "- "+l)
		}
	}
	for _, l := range strings.Split(b, "\n") {
		if !strings.Contains(a, l) {
			out = append(out, "+ "+l)
		}
	}
	return strings.Join(out, "\n")
}

func otherCodes(fs []diag.Finding) string {
	count := map[string]int{}
	for _, f := range fs {
		if f.Code != "fact-mismatch" && f.Code != "contradicts-fact" && f.Code != "bad-chart" { // a chart cannot draw every number
			count[f.Code]++
		}
	}
	return fmt.Sprint(count)
}

// generated is a site that says facts of every kind in every place that has checked words, in every wording.
func generated(r *rand.Rand, language string) *folder {
	files := map[string]string{"site.toml": "title = \"T\"\nlanguage = \"" + language + "\"\n[authors.a]\nname = \"A\"\n"}
	var facts, claims, changes strings.Builder
	files["content/data/sources.json"] = `[{"id":"s","type":"book","title":"S"}]`
	scratch, _ := newFolder(files).link(nil)
	pages := 0
	for i := range 40 {
		id := fmt.Sprintf("f%d", i)
		f := content.Fact{ID: id, Value: oneOf(r, someNumbers), Number: true, Unit: oneOf(r, someUnits), Approx: r.IntN(2) == 0, Display: oneOf(r, somePatterns)}
		if i%5 == 4 {
			f.Value, f.Number = oneOf(r, someTexts[:2]), false
		}
		value := f.Value
		if !f.Number {
			value = fmt.Sprintf("%q", value)
		}
		fmt.Fprintf(&facts, "[%s]\nlabel = \"L\"\nvalue = %s\nunit = %q\napprox = %v\nas_of = \"2024-01-01\"\nsource = \"s\"\n", id, value, f.Unit, f.Approx)
		if f.Display != nil {
			fmt.Fprintf(&facts, "display = [\"%s\"]\n", strings.Join(f.Display, `", "`))
		}
		label := func() string { return labelFor(r, scratch, &f) }
		link := func() string { return "[" + escapeSome(r, label()) + "](fact:" + id + ")" }
		backslashes := func(s string) string { return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) }
		wiki := label()
		if wiki = "[[" + id + "|" + wiki + "]]"; !f.Number { // such a link is checked while its words hold a number
			wiki = link()
		}
		pages++
		files[fmt.Sprintf("content/terms/p%d.md", pages)] = "---\ntitle: P " + id + "\nsummary: \"S " + backslashes(link()) + " s\"\nstandfirst: 'S " + strings.ReplaceAll(link(), "'", "''") + " s'\nanswer: S " + link() +
			" s\nrole: >\n  S\n  " + link() + "\n  s\ntakeaways:\n- |\n  S " + link() + "\n- T " + link() + "\n---\n\nText **" + link() + "** and *" + link() + "*, [*" + escapeSome(r, label()) + "*](fact:" + id + ") " + wiki + "[^n].\n\n" +
			"> Quoted\n> " + link() + " and\n> more\n\n- Item " + link() + "\n  - Deep " + link() + "\n\n| a | b |\n|---|---|\n| " + link() + " | " + link() + " |\n\nTerm\n: Meaning " + link() + "\n\n[^n]: Note " + link() + "\n\n" +
			"```chart\ntype = \"bar\"\ntitle = \"In " + backslashes(link()) + "\"\nsubtitle = 'In " + strings.ReplaceAll(link(), "'", "’") + "'\nalt = \"x\"\nfacts = [\"" + id + "\"]\n```\n\n" +
			"A [" + escapeSome(r, label()) + "][r" + id + "].\n\n[r" + id + "]: fact:" + id + "\n"
		fmt.Fprintf(&claims, "[c%d]\nclaim = \"C %s\"\nsettle = '''\nC %s'''\nstatus = \"disputed\"\nas_of = \"2024\"\n[[c%d.position]]\nwho_text = \"W\"\nsays = \"\"\"\nC %s\"\"\"\ndate = \"2024-03\"\ncite = \"s\"\n", i, backslashes(link()), link(), i, backslashes(link()))
		fmt.Fprintf(&claims, "[[c%d.position]]\nwho_text = \"V\"\nsays = \"S\"\ndate = \"2024\"\ncite = \"s\"\n", i)
		fmt.Fprintf(&changes, "[[change]]\ndate = \"2024-02-02\"\nkind = \"update\"\npage = \"p%d\"\ntext = \"C %s\"\n", pages, backslashes(link()))
	}
	files["content/data/facts.toml"], files["content/data/claims.toml"], files["content/data/changes.toml"] = facts.String(), claims.String(), changes.String()
	return newFolder(files)
}

// labelFor says a fact in one of the ways that are right.
func labelFor(r *rand.Rand, s *Site, f *content.Fact) string {
	for {
		w := oneOf(r, s.wordings(f))
		v := s.valueOf(f, -1)
		if s.Lang.Tag == "ar" && r.IntN(3) == 0 {
			v = s.like("١", v)
		}
		if r.IntN(4) == 0 {
			v = strings.ReplaceAll(v, "−", "-")
		}
		text := w.say(v)
		switch r.IntN(6) {
		case 0, 1, 2:
			h := oneOf(r, s.Lang.Hedges)
			text = h + " " + text
			if r.IntN(3) == 0 {
				text = capital("Ab", text)
			}
		case 3:
			text += " " + oneOf(r, s.Lang.Afterwords)
		}
		if r.IntN(5) == 0 {
			text = strings.Replace(text, " ", "\u00a0", 1)
		}
		if s.says(f, -1, text) {
			return text
		}
	}
}

// escapeSome writes a text as markdown: with the escapes that it needs, and some that it does not.
func escapeSome(r *rand.Rand, text string) string {
	var b strings.Builder
	for _, c := range text {
		if strings.ContainsRune("\\`*_[]<~|", c) || strings.ContainsRune("$&.,%-", c) && r.IntN(4) == 0 {
			b.WriteByte('\\')
		}
		if c == '\u00a0' && r.IntN(2) == 0 {
			b.WriteString("&nbsp;")
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}
