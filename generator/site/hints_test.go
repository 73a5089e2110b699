package site

import (
	"strings"
	"testing"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// TestHints holds what is said of slips in documents that were written for other programs: a hint must be one that helps.
func TestHints(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		env        Env
		code       string
		message    string
		hint       string // "": there is no such finding
	}{
		{"the id is one of HTML that is not passed on",
			"== index.md\n# T\n\n- [export](#export)\n\n<a id=\"export\"></a>\n## The export of everything\n", Env{},
			"broken-anchor", `index.md has no heading "export"`, "that place is HTML, which is shown as text: give a heading the id, ## Words {#export}; or set raw_html = true in site.toml"},
		{"an old anchor by name, in a line",
			"== index.md\n# T\n\n[there](#there) and <A NAME='there'></A>.\n", Env{},
			"broken-anchor", `index.md has no heading "there"`, "that place is HTML, which is shown as text: give a heading the id, ## Words {#there}; or set raw_html = true in site.toml"},
		{"no such id",
			"== index.md\n# T\n\n[x](#exprot)\n\n## Export\n", Env{},
			"broken-anchor", `index.md has no heading "exprot"`, "did you mean #export?"},
		{"two headings of the same words below one, by id",
			"== index.md\n# T\n\n[x](#nextdynamic)\n\n## next/dynamic\n\n## next/dynamic\n", Env{},
			"ambiguous-link", `index.md has 2 headings "nextdynamic"; this link goes to the first`, "write #next-dynamic or #next-dynamic-2"},
		{"the same as a wikilink",
			"== index.md\n# T\n\n[[#Next step]]\n\n## Next step\n\n## Next step\n", Env{},
			"ambiguous-link", `index.md has 2 headings "Next step"; this link goes to the first`, "give one of the two headings other words"},
		{"and below two",
			"== index.md\n# T\n\n[[#Next]]\n\n## One\n\n### Next\n\n## Two\n\n### Next\n", Env{},
			"ambiguous-link", `index.md has 2 headings "Next"; this link goes to the first`, "name the heading above it too: #One#Next or #Two#Next"},
		{"an address for the reader's own machine",
			"== index.md\n# T\n\nOpen [it](http://localhost:3000).\n", Env{},
			"local-url", "this address works only on your own machine", "link to the page by its file name, or to the published address; to show the address, write it between backquotes without a link"},
		{"a wikilink keeps its words",
			"== index.md\n# T\n\n[[Pire|the pier]]\n\n== terms/pier.md\n# Pier\n", Env{},
			"broken-link", `no page is called "Pire"`, "did you mean [[pier|the pier]]? (content/terms/pier.md)"},
		{"and its heading",
			"== index.md\n# T\n\n[[Pire#Head]]\n\n== terms/pier.md\n# Pier\n\n## Head\n", Env{},
			"broken-link", `no page is called "Pire"`, "did you mean [[pier#Head]]? (content/terms/pier.md)"},
		{"and that it embeds",
			"== index.md\n# T\n\n![[Pire#Head|x]]\n\n== terms/pier.md\n# Pier\n\n## Head\n", Env{},
			"broken-link", `no page is called "Pire"`, "did you mean ![[pier#Head|x]]? (content/terms/pier.md)"},
		{"a link in brackets stays one",
			"== index.md\n# T\n\n[200 seats](fery-seats)\n\n== data/facts.toml\n[ferry-seats]\nlabel = \"Seats\"\nvalue = 200\nas_of = \"2024\"\n", Env{},
			"broken-link", `no page is called "fery-seats"`, `did you mean "ferry-seats"?`},
		{"a fact in double brackets",
			"== index.md\n# T\n\n[[Fact: seats|200 seats]]\n", Env{},
			"broken-link", "double brackets hold a name alone, without Fact:", "write [[seats|200 seats]], or [200 seats](fact:seats)"},
		{"an address in double brackets",
			"== index.md\n# T\n\n[[https://example.net/|there]]\n", Env{},
			"broken-link", "double brackets hold the name of a page, not an address", "write [there](https://example.net/)"},
		{"a picture with a width",
			"== index.md\n# T\n\n![[x.png|100]]\n\n== x.png\n", Env{},
			"missing-alt", "this image has no description", "write ![[x.png|what it shows|100]]"},
		{"a film of another site",
			"== index.md\n# T\n\n![A film](https://example.net/watch?v=1)\n", Env{},
			"broken-asset", "a picture from another site is not shown: readers would be tracked, and it may vanish", "link to it: [words](https://example.net/watch?v=1); or, if it is a picture, save it into content/ and write its file name"},
		{"a picture of another site",
			"== index.md\n# T\n\n![A pier](https://example.net/pier.jpg?s=1)\n", Env{},
			"broken-asset", "a picture from another site is not shown: readers would be tracked, and it may vanish", "save the picture into content/ and write its file name"},
		{"a component, as it is written",
			"== index.md\n# T\n\n<PagesOnly>\n\nWords.\n\n</PagesOnly>\n", Env{},
			"raw-html", "HTML in markdown is shown as text: <PagesOnly>", "write it in markdown, or set raw_html = true in site.toml"},
		{"a component that a page makes",
			"== index.md\n# T\n\nexport const Red = ({children}) => (\nx\n)\n", Env{},
			"left-over-markup", "a line of MDX: gloss runs no programs in a page", "remove the line, and write markdown where its component stands"},
		{"words that only start so",
			"== index.md\n# T\n\nexport const is a word of a language.\n\nexport default values to a file.\n\nexport class notes.\n", Env{},
			"left-over-markup", "", ""},
		{"a page under a name of another program",
			"== index.md\n# T\n\nWords.\n\n== guide/intro.mdx\n# Intro\n", Env{},
			"reserved-name", "the names of pages end in .md, so this file is not read and not published", "rename it to guide/intro.md"},
		{"which is a file that somebody links to",
			"== index.md\n# T\n\n[its source](guide/intro.mdx)\n\n== guide/intro.mdx\n# Intro\n", Env{},
			"reserved-name", "", ""},
		{"a verb before a name is none of it",
			"== index.md\n# T\n\nSee North Road. See North Road, again. You see it. See North Road! See North Road?\n", Env{All: true},
			"candidate-term", `"North Road" stands in the text 4 times and has no page`, "write a page for it in terms/ or who/"},
		{"nor is what stands in brackets behind it",
			"== index.md\n# T\n\nA North Road (NR), a North Road (NR), a North Road (NR), a North Road (NR).\n", Env{All: true},
			"candidate-term", `"North Road" stands in the text 4 times and has no page`, "write a page for it in terms/ or who/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, fs := link(t, tt.env, tt.text)
			for _, p := range s.Pages { // link leaves out what parsing finds
				fs = append(fs, parsing(p.Name, tt.text)...)
			}
			var got []string
			for _, f := range fs {
				if f.Code == tt.code {
					got = append(got, f.Message+": "+f.Hint)
				}
			}
			if tt.hint == "" {
				if len(got) > 0 {
					t.Errorf("got %q, want nothing", got)
				}
			} else if len(got) != 1 || got[0] != tt.message+": "+tt.hint {
				t.Errorf("got %q\nwant %q", got, tt.message+": "+tt.hint)
			}
		})
	}
}

// parsing is what is found in one page alone.
func parsing(name, text string) []diag.Finding {
	_, body, _ := strings.Cut("\n"+text, "\n== "+name+"\n")
	body, _, _ = strings.Cut(body, "\n== ")
	return content.ParseDoc(content.DocInput{File: content.File{Name: "content/" + name, Text: []byte(body + "\n")}}).Findings
}

// TestFixKeepsTheForm mends numbers and dates in wikilinks where they stand: the target, the part behind # and the signs
// of a box, quotation, list or table stay as they were written.
func TestFixKeepsTheForm(t *testing.T) {
	const data = "\n== data/facts.toml\n[ferry-seats]\nlabel = \"Seats\"\nvalue = 180\nunit = \"seats\"\nas_of = \"2024\"\n\n== data/events.csv\nid,date,title\nopening,2019-04-03,It opened\n"
	for _, tt := range []struct{ name, text, want string }{
		{"with an alias", "[[ferry-seats|200 seats]]", "[[ferry-seats|180 seats]]"},
		{"with blanks", "[[ ferry-seats | 200 seats ]]", "[[ ferry-seats | 180 seats ]]"},
		{"through a list of the site", "[[facts#ferry-seats|200 seats]]", "[[facts#ferry-seats|180 seats]]"},
		{"with a date", "[[opening|3 April 2018]], [[timeline#opening|3 April 2018]]", "[[opening|3 April 2019]], [[timeline#opening|3 April 2019]]"},
		{"in a table", "| A |\n|---|\n| [[ferry-seats\\|200 seats]] |", "| A |\n|---|\n| [[ferry-seats\\|180 seats]] |"},
		{"over two lines", "[[ferry-seats|200\nseats]]", "[[ferry-seats|180\nseats]]"},
		{"over two lines of a list", "- One [[ferry-seats|200\n  seats]]", "- One [[ferry-seats|180\n  seats]]"},
		{"over two lines of a quotation", "> One [[ferry-seats|200\n> seats]]", "> One [[ferry-seats|180\n> seats]]"},
		{"over two lines of a box", "> [!note] Box\n> One [[ferry-seats|200\n> seats]]", "> [!note] Box\n> One [[ferry-seats|180\n> seats]]"},
		{"over two lines of a box in a box", "> [!note] Box\n> > One [[ferry-seats|200\n> > seats]]", "> [!note] Box\n> > One [[ferry-seats|180\n> > seats]]"},
		{"over two lines, of which one goes", "> One [[ferry-seats|200 seats\n> in all]]", "> One [[ferry-seats|180 seats]]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, fs := link(t, Env{}, "== index.md\n# T\n\n"+tt.text+"\n"+data)
			var fixes []diag.Fix
			for _, f := range fs {
				fixes = append(fixes, f.Fixes...)
			}
			got, _ := diag.Apply([]byte("# T\n\n"+tt.text+"\n"), fixes)
			if want := "# T\n\n" + tt.want + "\n"; string(got) != want {
				t.Errorf("got %q\nwant %q", got, want)
			}
		})
	}
}
