package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gloss/generator/diag"
)

// TestPositions marks in the source with «kind …» what a reference or finding must point at, no byte more or less.
// kind is a kind of reference, a code of a finding, or "words" for the label of a link. Everything that a file refers
// to, and every finding, has to be marked.
func TestPositions(t *testing.T) {
	page := []struct{ name, text string }{
		{"plain", "Text «link [[x]]» and «link [«words y»](z.md)», «fact [«words 2,500»](fact:a)».\n"},
		{"tabs", "\tcode\n\n-\t«link [[x]]»\n\n\t«link [«words y»](z.md)»\n\n>\t«link [[q]]»\n>\t«fact [«words 3»](fact:a)»\n"},
		{"CRLF", "One\r\n«link [[x]]»\r\n\r\n> q «link [[y|l]]»\r\n> «fact [«words 3»](fact:a)»\r\n\r\n«image ![alt](a.png)»\r\n"},
		{"CRLF callout", "> [!note] «link [[x]]»\r\n> «link [[y]]»\r\n"},
		{"BOM", "\xEF\xBB\xBF«link [[x]]» text\n"},
		{"BOM and front matter", "\xEF\xBB\xBF---\ntitle: T\nabout: «link x»\n---\n«link [[y]]»\n"},
		{"combining marks", "é é «link [[é]]» ễ «fact [«words ü»](fact:a)» 👩‍👩‍👧 «link [[👩‍👩‍👧|👩]]»\n"},
		{"right to left", "مرحبا «link [[العراق|عراق]]» و «citation @a» שלום «link [«words שלום»](x.md)»\n"},
		{"quotes", "> > a «link [[x\n> > y]]»\n> > «link [«words t\n> > u»](z.md)» «fact [«words 1»](fact:a\n> > \"t\")»\n"},
		{"lists", "- a\n  - b\n    1. c «link [[x]]» «link [«words y»](z.md)»\n\n       «fact [«words 3»](fact:a)»\n"},
		{"table", "| a | «link [[x\\|y]]» |\n|---|---|\n| «link [[x|y]]» | «fact [«words 1»](fact:a)» [«citation @c»] |\n| «image ![a\\|100](b.png)» | é «link [[q]]» |\n"},
		{"table in a quote", "> | a | b |\n> |---|---|\n> | é «link [[x|y]]» | «fact [«words 1»](fact:a)» |\n"},
		{"comments", "%%one%%«link [[x]]» %%two\nlines%% «link [[y]]»%%three%% and «fact [«words 2»%%gone%%](fact:a)»\n\n%%\nblock\n%%\n\n- %%c%% «link [[z]]»\n"},
		{"comment inside", "«link [[a%%hidden%%b]]» «link [[c]]»\n"},
		{"citations", "[see «citation @a», p. 3; «citation @b»] [-«citation @c»] «citation @d» [p. 1]\n> [«citation @e»,\n> p. 2; see\n> «citation @f»]\n"},
		{"notes", "A«note [^n]»^«inline» B.\n\n«aside [^n]: é «link [[x]]» «fact [«words 1»](fact:a)»»\n"},
		{"inline note", "A«aside «note ^[é «link [[x|y]]» and «link [«words q»](z.md)»]»».\n"},
		{"inline note in a quote", "> A«aside «note ^[é\n> «link [[x|y]]» and\n> «fact [«words 1»](fact:a)»]»».\n"},
		{"definition", "Term «link [[x]]»\n: é «link [[y]]»\n: «fact [«words 3»](fact:a)»\n"},
		{"heading", "## é «link [[y]]» {#id}\n\n## «link [«words t»](z.md)» ##\n"},
		{"embeds", "«embed ![[x]]»\n«embed ![[y]]»\n\na «embed ![[z]]» «image ![[p.png|alt]]»\n"},
		{"web", "«external www.example.org», «external https://example.org/é» <«external https://e.org»> «external [«words w»](https://e.org)» «external a@b.org»\n"},
		{"nested words", "«fact [«words **a** `]` b»](fact:a)» «link [ «words c» ](x.md)» «link [«words «image ![i](i.png)»»](x.md)» «link [«words r»][ref]» «link [«words ref»][]» «link [«words ref»]» (x)\n\n[ref]: x.md\n"},
		{"findings", "a «raw-html <font>»x</font> «unsafe-url [x](javascript:y)» «undefined-note [^q]» «missing-alt «image ![](x.png)»»\n\n> «unsafe-url ![é](javascript:y)»\n\n«raw-html <div>»\n</div>\n\n«unused-note [^u]»: text\n"},
		{"skipped", "## a\n\n> é\n\n«heading-skipped #### b»\n"},
		{"chart", "é\n\n- > «chart ```chart\n  > type = \"dot\"\n  > title = \"é \\\"q\\\" «fact [«words 1»](fact:a)» \\u00e4 «link [[x]]»\"\n  > facts = [«fact \"a\"», # note\n  >   «fact 'b'»]\n  > ```»\n\n>\t«timeline ```timeline\n>\tids = [«event \"é\"»]\n>\tfrom = «bad-date \"2020-13\"»\n>\t«unknown-key frm» = 1\n>\t```»\n"},
		{"chart CRLF", "«chart ```chart\r\ntype = \"dot\"\r\ntitle = \"é «link [[x]]»\"\r\nfacts = [«fact \"a\"»]\r\n```»\r\n"},
		{"chart after a comment", "%%é%%\n\n«chart ```chart\ntype = \"dot\"\ntitle = '''\né «link [[x]]»'''\nfacts = «fact \"a\"»\n```»\n"},
		{"YAML plain", "---\nsummary: é «link [[x]]» and «fact [«words 1»](fact:a)» # no\nabout: «link us»\nauthors: [«author a», «author b»]\ntags: [t]\nrole: é\n---\n"},
		{"YAML quoted", "---\nsummary: \"é \\\"q\\\" \\u00e4 «link [[x]]» \\t «fact [«words 1»](fact:a)»\"\nanswer: 'it''s «link [[y]]»'\nabout: «link \"q\"»\nauthors:\n  - «author 'a'»\n---\n"},
		{"YAML folded", "---\nsummary: >\n  é one\n  two «link [[x]]»\n\n  three «fact [«words 1»](fact:a)»\nanswer: >-\n  «link [[z]]»\n  end\nstandfirst: |\n  é\n  «link [[y]]»\n    more «link [[q]]»\n---\n"},
		{"YAML plain over lines", "---\nsummary: é one\n  two «link [[x]]»\n  and «fact [«words 1»](fact:a)»\nabout: «link y»\n---\n"},
		{"YAML quoted over lines", "---\nsummary: \"é one\n  two «link [[x]]» \\\n  and «fact [«words 1»](fact:a)»\"\nabout: «link y»\n---\n"},
		{"YAML lists", "---\nabout:\n- «link x»\n- [[«link y»]]\n-   «link 'z'»\ntakeaways:\n  - é «link [[x]]»\n  - >\n    folded «link [[y]]»\n---\n"},
		{"YAML comment", "---\nabout: «link x» # a comment\nsummary: «link [[y]]» # a comment\n---\n"},
		{"YAML CRLF", "---\r\nsummary: >\r\n  é one\r\n  «link [[x]]»\r\nabout: «link y»\r\n---\r\n«link [[z]]»\r\n"},
		{"YAML anchors and tags", "---\nabout: &a «link x»\nsummary: *a\nauthors: !!str «author \"é\"»\nnocite: &b [«citation c»]\nanswer: &d \"«link [[x]]»\"\n---\n"},
		{"YAML alias on a line", "---\n{about: &a «author «link x»», title: T, authors: *a}\n---\n"},
		{"YAML lists on a line", "---\nabout: [«link é», «link üb», «link \"q\"»]\n---\n"},
		{"YAML line separators", "---\nsummary: \"a\u2028b\"\nabout: «link x»\n---\n"},
		{"YAML [[x]] everywhere", "---\nsummary: «link [[x|y]]»\ntakeaways:\n- «link [[z#a b]]»\nabout: [[[«link a»]], [[«link b»]]]\n---\n"},
		{"headings in tabs", ">\t## é\n>\n>\t«heading-skipped #### b»\n"},
		{"unclosed", "> «left-over-markup ~~~»\n> code\n\n```\n"},
		{"YAML after a link", "---\nsummary: «bad-front-matter [[y]] and more»\n---\n"},
		{"YAML character", "---\nsummary: «bad-front-matter @é says»\n---\n"},
		{"YAML colon", "---\né: «bad-front-matter é: b»\n---\n"},
		{"YAML tab", "---\n«bad-front-matter \ttitle: a»\n---\n"},
		{"YAML alias", "---\ntitle: «bad-front-matter *x»\n---\n"},
		{"YAML quote", "---\ntitle: «bad-front-matter \"a»\n\n---\n"},
		{"YAML bracket", "---\n  tags: «bad-front-matter [a»\n---\n"},
		{"YAML apostrophe", "---\ntitle: «bad-front-matter 'it's'»\n---\n"},
		{"YAML twice", "---\ntitle: a\n«bad-front-matter title»: b\n---\n"},
		{"YAML dates", "---\nreview_after: «bad-date 2020-02-30»\nupdated: «bad-date \"soon\"»\n---\n"},
	}
	for _, c := range page {
		t.Run(c.name, func(t *testing.T) {
			src, want := marked(t, c.text)
			p := ParseDoc(DocInput{File{"content/x.md", src}, Settings{Language: "en"}})
			check(t, src, p)
			compare(t, src, want, p.Doc.Refs, p.Findings)
		})
	}
	data := []struct{ name, file, text string }{
		{"TOML", "claims.toml", "[c] # é\nclaim = \"é \\\"q\\\" \\u00e4 «link [[x]]» [«citation @a»]\"\nstatus = \"disputed\"\nas_of = «bad-date \"2020-02-30\"»\n[[c.position]]\nsays = '''\né\n«link [[y]]»'''\nwho = «link \"w\"»\ndate = 2020-01-05\ncite = [«citation \"a\"», «citation 'b'»]\n[[c.position]]\nsays = \"\"\"\\\n   folded «link [[z]]» \\\n   and «fact [«words 1»](fact:a)»\"\"\"\nwho_text = \"w\"\ndate = \"2020\"\ncite = «citation \"a\"»\n«unknown-key cit» = 1\n"},
		{"TOML BOM and CRLF", "changes.toml", "\xEF\xBB\xBF[[change]]\r\ndate = \"2020\"\r\nkind = «bad-record \"updat\"»\r\npage = «link \"é\"»\r\ntext = \"\"\"é\r\n«link [[x]]»\"\"\"\r\n"},
		{"TOML facts", "facts.toml", "[a]\nlabel = \"L\"\nvalue = 1\nunit = \"u\"\nas_of = 2020-01-05\nsource = [«citation \"é\"», «citation \"b\"»]\ndisplay = [«bad-record \"no\"», \"{value}\"]\nhistory = [{value = 2, as_of = \"2019\", source = «citation \"c\"»}, {value = 3, source = «citation \"d\"», as_of = «bad-date \"x\"»}]\n[b]\nlabel = \"é\"\nvalue = 1\nunit = \"u\"\nas_of = 2020\nsource = «incomplete-record []»\n"},
		{"CSV", "events.csv", "id,date,title,who,source\na,2020,\"Says \"\"é\"\", he\",\"«link x»; «link y»\",«citation s»;«citation t»\nb,«bad-date 2020-02-30»,B,« link»«link z»,\"«citation \"\"q»\"\n«bad-record c,2020»\n"},
		{"CSV BOM and CRLF", "events.csv", "\xEF\xBB\xBFid,date,title,who\r\né,«bad-date soon»,\"over\r\nlines\",«link w»\r\nb,«bad-date \"so\"\"on\"»,T,« »«link v»\r\n"},
		{"JSON", "sources.json", "[ {\"id\": \"a\", \"type\": \"book\", \"title\": \"\\u00e4 \\\"\", \"custom\": {\"via\": [«citation \"é\"» , «citation \"b\\u00e4\"»]},\n \"issued\" : «bad-date {\"date-parts\": [[2020, 2, 30]]}», «unknown-key \"titel\"»: 1 }, «incomplete-record «incomplete-record {\"title\": \"T\"}»» ]\n"},
		{"TOML quote", "facts.toml", "[a]\n  e = «bad-record \"x»\n"},
		{"TOML word", "facts.toml", "[a]\n\"é\" = «bad-record x»\n"},
		{"JSON end", "sources.json", "[\n  «bad-record {\"id\": \"é\"»\n\n"},
		{"JSON comma", "sources.json", "[{\"é\": «bad-record 1» \"b\": 2}]\n"},
		{"JSON string", "sources.json", "[«bad-record 1»\"b\"]\n"},
		{"JSON word", "sources.json", "[ «bad-record truy»]\n"},
		{"JSON rest", "sources.json", "[] «bad-record []»\n"},
		{"CSV quote", "x.csv", "a,b\né,1\n2,é«bad-record \"x\"»\n"},
		{"YAML BOM", "sources.yaml", "\xEF\xBB\xBF- id: é\n  type: book\n  title: T\n  custom: {via: «citation b»}\n"},
		{"YAML", "sources.yaml", "references:\n- id: a\n  type: book\n  title: T\n  custom: {seen: false, via: «citation b»}\n  issued: «bad-date 2020-13-01»\n- id: é\n  type: book\n  title: >\n    F\n  custom:\n    via:\n    - «citation \"x\"»\n    - «citation y»\n  «unknown-key titel»: x\n"},
	}
	for _, c := range data {
		t.Run(c.name, func(t *testing.T) {
			src, want := marked(t, c.text)
			p := ParseData(DataInput{File{"content/data/" + c.file, src}, Settings{Language: "en"}})
			checkData(t, src, p)
			compare(t, src, want, p.Data.Refs, p.Findings)
		})
	}
}

// mark is a place in the source and what stands there.
type mark struct {
	kind       string
	start, end int
}

var markRE = regexp.MustCompile(`^«([a-z-]+) `)

// marked takes the marks out of a text. « » around nothing but a blank is a blank.
func marked(t *testing.T, s string) ([]byte, []mark) {
	t.Helper()
	s = strings.NewReplacer("« »", " ", "« link»", " ", "^«inline»", "").Replace(s)
	var out []byte
	var open, done []mark
	for len(s) > 0 {
		if m := markRE.FindStringSubmatch(s); m != nil {
			open = append(open, mark{kind: m[1], start: len(out)})
			s = s[len(m[0]):]
		} else if rest, ok := strings.CutPrefix(s, "»"); ok {
			if len(open) == 0 {
				t.Fatalf("a » too many before %q", rest)
			}
			m := open[len(open)-1]
			m.end = len(out)
			open, done = open[:len(open)-1], append(done, m)
			s = rest
		} else {
			out = append(out, s[0])
			s = s[1:]
		}
	}
	if len(open) > 0 {
		t.Fatalf("marks never close: %v", open)
	}
	return out, done
}

func compare(t *testing.T, src []byte, want []mark, refs []Ref, fs []diag.Finding) {
	t.Helper()
	show := func(m mark) string { return fmt.Sprintf("%d–%d %s %q", m.start, m.end, m.kind, src[m.start:m.end]) }
	var got, wanted []string
	for _, r := range refs {
		got = append(got, show(mark{string(r.Kind), r.Span.Start, r.Span.End}))
		if r.Words.File != "" {
			got = append(got, show(mark{"words", r.Words.Start, r.Words.End}))
		}
	}
	for _, f := range fs {
		got = append(got, show(mark{f.Code, f.Span.Start, f.Span.End}))
	}
	for _, m := range want {
		wanted = append(wanted, show(m))
	}
	slices.Sort(got)
	slices.Sort(wanted)
	if !slices.Equal(got, wanted) {
		diff := func(a, b []string) (out []string) {
			for _, s := range a {
				if !slices.Contains(b, s) {
					out = append(out, s)
				}
			}
			return out
		}
		t.Errorf("in %q\ngot:  %s\nwant: %s", src, strings.Join(diff(got, wanted), "\n      "), strings.Join(diff(wanted, got), "\n      "))
		for _, f := range fs {
			t.Logf("%s: %s", f.Code, f.Message)
		}
	}
}

// TestOffsets is about what each way to write a text in a data file does to the places in it.
func TestOffsets(t *testing.T) {
	for _, c := range []struct {
		name string
		v    value
		src  string
		want []int // of each byte of the text, and of its end
	}{
		{"plain", value{text: "é b"}, "é b", []int{0, 1, 2, 3, 4}},
		{"escapes", value{text: "ä0e\"\n x", quote: escaping, open: 1}, `"\u00e40e\"\n x"`, []int{1, 1, 7, 8, 9, 11, 13, 14, 15}},
		{"halves of a character", value{text: "😀d", quote: escaping, open: 1}, `"\ud83d\ude00d"`, []int{1, 1, 1, 1, 13, 14}},
		{"hexadecimal", value{text: "AA", quote: escaping, open: 1}, `"\x41\U00000041"`, []int{1, 5, 15}},
		{"goes on below", value{text: "a b", quote: escaping, open: 1}, "\"a \\\n   b\"", []int{1, 2, 8, 9}},
		{"doubled quotes", value{text: "''a", quote: doubling, open: 1}, `'''''a'`, []int{1, 3, 5, 6}},
		{"literal", value{text: `a\n''`, quote: literal, open: 3}, `'''a\n'''''`, []int{3, 4, 5, 6, 7, 8}},
		{"cell", value{text: `""a`, quote: cell, open: 1}, `"""""a"`, []int{1, 3, 5, 6}},
		{"folded", value{text: "a b\nc\n", quote: block}, ">\n  a\n  b\n\n  c\n", []int{4, 5, 8, 9, 13, 14, 15}},
		{"ends too early", value{text: "abc"}, "ab", []int{0, 1, 2, 2}},
	} {
		c.v.span.End = len(c.src)
		if got := c.v.at([]byte(c.src)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q in %q: got %v, want %v", c.name, c.v.text, c.src, got, c.want)
		}
	}
}
