package content

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gloss/generator/diag"
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

// TestLeftOver holds that signs which were not understood are one finding each, with the form that was meant.
func TestLeftOver(t *testing.T) {
	for _, c := range []struct{ text, at, hint string }{
		// links
		{"a [b](fact: ferry-seats) c", "[b](fact: ferry-seats)", "write [b](fact:ferry-seats)"},
		{"a [b](Event : opened) c", "[b](Event : opened)", "write [b](event:opened)"},
		{"a [b] (fact:x) c", "[b] (fact:x)", "write [b](fact:x)"},
		{"a [b]\n(other.md) c", "[b]\n(other.md)", "write [b](other.md)"},
		{"a (180 seats)[fact:x] c", "(180 seats)[fact:x]", "write [180 seats](fact:x)"},
		{"a (b)[other.md]", "(b)[other.md]", "write [b](other.md)"},
		{"a [b](my note.md) c", "[b](my note.md)", "write [b](<my note.md>)"},
		{"a ![b](images/a b.png) c", "![b](images/a b.png)", "write ![b](<images/a b.png>)"},
		{"a [b](x.md “Title”) c", "[b](x.md “Title”)", `write [b](x.md "Title")`},
		{"a [b](<x y.md) c", "[b](<x y.md)", "write [b](<x y.md>)"},
		{"a [b](x.md c", "[b](x.md", "write [b](x.md)"},
		{"a b](x.md) c", "](x.md)", "put [ before the words of the link, such as [words](x.md)"},
		{"a [b [c](d.md)](e.md) f", "[b [c](d.md)](e.md)", "write the links side by side, or take the brackets of the outer one away"},
		{"a [two words][ref] b", "[two words][ref]", "write [two words](address), or add a line [ref]: address"},
		{"![a picture]", "![a picture]", "write ![a picture](file.png), with the name of the file"},
		{"a [**b**](c d.md)", "[**b**](c d.md)", "write [**b**](<c d.md>)"},
		// names
		{"a [[index and more", "[[index", "write [[index]], with ]] after the name"},
		{"a ![[pic.png and more", "![[pic.png", "write ![[pic.png]], with ]] after the name"},
		{"a [[index] b", "[[index]", "write [[index]]"},
		{"a [index]] b", "[index]]", "write [[index]]"},
		{"a index]] b", "index]]", "write [[index]], with [[ before the name"},
		{"a [ [index]] b", "[ [index]]", "write [[index]]"},
		{"a [[index] ] b", "[[index] ]", "write [[index]]"},
		{"a [[two words] b", "[[two words]", "write [[two words]]"},
		// citations and notes
		{"a [@a, @b] c", "[@a, @b]", "write [@a; @b]"},
		{"a [@a @b] c", "[@a @b]", "write [@a; @b]"},
		{"a [@one-2024; two-2023] c", "[@one-2024; two-2023]", "write [@one-2024; @two-2023]"},
		{"a [@a, p. 3;] c", "[@a, p. 3;]", "write [@a, p. 3]"},
		{"a [@ a] c", "[@ a]", "write [@a]"},
		{"a @[a] c", "@[a]", "write [@a]"},
		{"a [@port-2024 c", "[@port-2024", "write [@port-2024]"},
		{"a[^n ] b\n\n[^n]: c", "[^n ]", "write [^n]"},
		{"a[ ^n] b\n\n[^n]: c", "[ ^n]", "write [^n]"},
		{"a[^n b\n\n[^n]: c", "[^n", "write [^n]"},
		{"a[^a whole note] b", "[^a whole note]", "write ^[a whole note], with ^ before the bracket"},
		{"a^[a note. More", "^[", "close the note: ^[a note]"},
		// other programs
		{"a {{< figure src=\"x.png\" >}} b", "{{< figure src=\"x.png\" >}}", "write ![what the picture shows](file.png)"},
		{"{{% notice %}}", "{{% notice %}}", "write markdown in its place; to show it as it is, put it between backquotes"},
		{"a {% include x %} b", "{% include x %}", "write markdown in its place; to show it as it is, put it between backquotes"},
		{"a {{ page.title }} b", "{{ page.title }}", "write markdown in its place; to show it as it is, put it between backquotes"},
		{"a <% tp.date.now() %> b", "<% tp.date.now() %>", "write here what it stands for; to show it as it is, put it between backquotes"},
		{"a {/* b */} c", "{/* b */}", "write a remark as %%remark%% or <!-- remark -->"},
		{"import X from './x.jsx';\n\na", "import X from './x.jsx';", "remove the line, and write markdown where its component stands"},
		{"a `= this.file.name` b", "= this.file.name", "write the value itself"},
		{"```dataview\nLIST\n```", "```dataview", "write the list itself, with a [[link]] on each line, or remove the block"},
		{"a {.red} b", "{.red}", "remove it: how things look is a matter of the stylesheet"},
		{"a paragraph {#here}", "{#here}", "name a block with ^here at its end; {#…} stands after headings only"},
		{"![b](c.png){width=50%}", "{width=50%}", "write the width in the picture, in pixels: ![words|300](file.png)"},
		{"::: tip\nText\n:::", "::: tip", "write a box: > [!tip] and its title on the first line, and > before each further line"},
		{"::: refs\n:::", "::: refs", "write ::: {#refs}"},
		// boxes and blocks
		{"> [!disputd] Who pays?\n> Nobody.", "[!disputd]", "write [!disputed]"},
		{"> [! note] Title\n> Text", "[! note]", "write > [!note]"},
		{"> [!warning Title\n> Text", "[!warning", "write > [!warning]"},
		{"[!note] Title\nText", "[!note]", "write > [!note]"},
		{"```Chart\ntype = \"line\"\n```", "```Chart", "write ```chart"},
		{"```timelines\nabout = \"x\"\n```", "```timelines", "write ```timeline"},
		{"```\ncode", "```", "put a line with ``` below the code, as far from the margin as this one"},
		{"- a\n\n  ```\n  code\n```\n\ntext", "```", "put a line with ``` below the code, as far from the margin as this one"},
		// signs in pairs
		{"a %%remark b", "%%", "put %% after the remark as well; to show the signs, write \\%\\%"},
		{"$$\na\n\nb", "$$", "put $$ after the formula as well, without an empty line in it"},
		{"a **bold b", "**", "put ** after the words as well; to show the signs, write \\*\\*"},
		{"a bold** b", "**", "put ** before the words as well; to show the signs, write \\*\\*"},
		{"a **bold **b", "**bold **", "write **bold**, without blanks beside the signs; to show the signs, write \\*\\*"},
		{"** bold ** b", "** bold **", "write **bold**, without blanks beside the signs; to show the signs, write \\*\\*"},
		{"a ~~gone b", "~~", "put ~~ after the words as well; to show the signs, write \\~\\~"},
		{"a ==marked b", "==", "put == after the words as well; to show the signs, write \\=\\="},
		{"##Heading", "##", "write ## Heading"},
		{"<<<<<<< HEAD\na", "<<<<<<< HEAD", "keep one of the two texts, and remove this line"},
		{"a\n\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> branch\n\nb", "<<<<<<< HEAD", "keep the text that is right, and remove the other one and these three lines"},
		// tables
		{"| a | b |\n|---|\n| 1 | 2 |", "|---|", "write |---|---|"},
		{"| a | b |\n|===|===|\n| 1 | 2 |", "|===|===|", "write |---|---|"},
		{"| a | b |\n|---+---|\n| 1 | 2 |", "|---+---|", "write |---|---|"},
		{"| a | b |\n| 1 | 2 |", "| a | b |", "put a row of hyphens below the headings: |---|---|"},
		{"| a | b |\n---", "| a | b |", "write |---|---| as the row below"},
		{"| a | b |\n|---|---|\n| 2019 | 1 | 200 |", "200", "write \\| for a | that belongs to a text, or add a heading"},
		{"| a | b |\n|---|---|\n| `x | y` | 1 |", "1", "write \\| for a | that belongs to a text, or add a heading"},
		// in other places
		{"- a [[index and\n- b", "[[index", "write [[index]], with ]] after the name"},
		{"> a [b](fact: x)", "[b](fact: x)", "write [b](fact:x)"},
		{"| a |\n|---|\n| [b](fact: x) |", "[b](fact: x)", "write [b](fact:x)"},
		{"## A [[heading", "[[heading", "write [[heading]], with ]] after the name"},
		{"a[^n]\n\n[^n]: A [b](fact: x).", "[b](fact: x)", "write [b](fact:x)"},
		{"a ^[A [b](fact: x).] c", "[b](fact: x)", "write [b](fact:x)"},
		{"---\nsummary: \"A [b](fact: x).\"\n---\nText", "[b](fact: x)", "write [b](fact:x)"},
		{"---\nsummary: >\n  A [[link.\n---\nText", "[[link.", "write [[link.]], with ]] after the name"},
		{"---\ntakeaways:\n  - A [@a, @b].\n---\nText", "[@a, @b]", "write [@a; @b]"},
	} {
		p := parsePage(c.text + "\n")
		check(t, []byte(c.text+"\n"), p)
		var got []diag.Finding
		for _, f := range p.Findings {
			if f.Code == "left-over-markup" || f.Code == "bad-table" {
				got = append(got, f)
			}
		}
		if len(got) != 1 {
			t.Errorf("%q: got %d findings, want 1: %+v", c.text, len(got), got)
			continue
		}
		if f := got[0]; f.Hint != c.hint || !strings.HasPrefix(c.text[f.Span.Start:], c.at) || f.Span.End-f.Span.Start != len(c.at) {
			t.Errorf("%q: %q %s: %s\nwant %q: %s", c.text, c.text[f.Span.Start:f.Span.End], f.Message, f.Hint, c.at, c.hint)
		}
	}
}

// TestNothingLeftOver holds that ordinary prose, code and escaped signs are left alone.
func TestNothingLeftOver(t *testing.T) {
	for _, text := range []string{
		"arr[0](x) and a[i] and f(x)[0] and [sic] and [1] and wow![1] and a[i][j]",
		"x < y and y > z, a <- b -> c <= d => e",
		"It was 5 ** 2 and 2**3 and a == b and a==b and c != d :: e ~ f ~~ g",
		"std::vector and a::b:: and :-) :( ;-) <3 ^_^ ¯\\_(ツ)_/¯ (^.^) [-: ]:-> o_O",
		"In [0, 1) and (a, b] and ]a, b[ and {x | x > 0} and {a: b} and {1, 2} and a{b}c",
		"me@example.org, @someone, [me@example.org], (a@b.org), user@[10.0.0.1]",
		"It cost $5 and $$ for two, and 5 % of it, 100 %",
		"`[[x` and `](x:` and `{{<` and `**` and `::: x` and `| a |`",
		"``[a] (b.md)`` and `**bold` **and** `%%`",
		"\\[[x]] and \\[\\[x\\]\\] and [\\[x]] and \\[@a, @b\\] and \\*\\*a and a \\[b](c d) and \\{{ x.y }} \\%\\%",
		"&#91;&#91;x and &lt;% x",
		"    [[x\n    ::: tip\n    **a",
		"```\n[[x\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> c\n{{< x >}}\n```",
		"$a[[i$ and $$[[x$$",
		"<!-- [[x **a -->\n\ntext",
		"<code>[[x **a</code> and <kbd>[[</kbd>",
		"%%[[x **a%% text",
		"A [link](x.md) (really), [two](y.md)[^n] and ![p](q.png)(!)\n\n[^n]: n",
		"Title\n=======\n\nText",
		"A text | with a pipe\nand a line | more",
		"a || b\nc || d",
		"- [ ] open\n- [x] done",
		"> [!note] Title\n> Text\n\n> [!warning]- Title\n\n> [!recipe] Soup\n\n> [!infobox] x\n\n> [!wip] x",
		"```dart\nvoid main() {}\n```\n\n```char\nx\n```\n\n```chat\nhello\n```",
		"~~~~\n```\n~~~~",
		"> ```\n> code\n> ```",
		"1. a\n   ```sh\n   b\n   ```\n2. c",
		"*** \n\n* * *\n\n___",
		"/** a comment */ and src/**/*.js and **/x and lib/**",
		"#hashtag and #1 and C## and ##",
		"**bold**, __bold__, ***both***, **a** **b**, ==m==, ~~s~~, *a **b** c*",
		"import x from y, they say.\nimport of goods from \"abroad\" rose",
		"He said [as ever] (and rightly so) that [it] (the bridge) was safe.",
		"See [this] (p. 3), [that](x.md), [a](b.md \"T\"), [c](<d e.md>), [f]( g.md )",
		"::: {#refs}\n:::",
		"The set {.5, .6} and { x: 1 } and ${HOME} and {{}} and {{name}}",
		"[@a; @b], [see @a, p. 3], [-@a], @a [p. 3], [@{a.b/}; @{c}, p. 1], @{d}",
		"[a@b; c@d]",
		"[x]: y.md\n\n[x] and [x][] and [y z][x]",
		"| a | b |\n|---|---|\n| 1 |\n| 1 | 2 ||\n| [[x|y]] | `a\\|b` |\n| 1 \\| 2 | 3 |",
		"a^[b]^ is odd",
		"\\<% x %\\>",
		"[[x]](y.md) and [[x]] and [[[x]]] and [[a|b]] ![[c]]",
		"[[1, 2], [3, 4]] and [ [1, 2], [3] ] and a[b[0]]",
		"<<<<< five and >>>>> five",
		"Wait… what?! **really?!** \"quoted\" 'text' — (dash)",
		"(see [a](b.md))[^n]\n\n[^n]: n",
	} {
		for _, f := range parsePage(text + "\n").Findings {
			if f.Code == "left-over-markup" || f.Code == "bad-table" {
				t.Errorf("%q: %q %s: %s", text, text[f.Span.Start:min(f.Span.End, len(text))], f.Message, f.Hint)
			}
		}
	}
}

// written is what a page holds, with holes for what only the site knows.
func written(t *testing.T, text string, set Settings) string {
	t.Helper()
	p := ParseDoc(DocInput{File{"content/x.md", []byte(text)}, set})
	check(t, []byte(text), p)
	return holes(p.Doc.Body)
}

// TestVaultForms holds forms that notes of Obsidian have.
func TestVaultForms(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"> [!warning|left] Mind the step\n> Text.\n", "Mind the step</p>"},
		{"> [!tip|wide]- Folded\n> Text.\n", "<details class=\"box tip\""},
		{"**（ギット）**Hub", "<strong>（ギット）</strong>Hub"},
		{"これは**「強調」**です。", "これは<strong>「強調」</strong>です。"},
		{"中文**“引号”**后面", "中文<strong>“引号”</strong>后面"},
		{"한국어**(괄호)**는", "한국어<strong>(괄호)</strong>는"},
		{"この~~「古い」~~話", "この<del>「古い」</del>話"},
		{"この==「大事」==話", "この<mark>「大事」</mark>話"},
		{"a**(b)**c", "a**(b)**c"}, // as CommonMark has it
		{"日本_語_x", "日本_語_x"},
	} {
		if got := written(t, c.text+"\n", Settings{Language: "en"}); !strings.Contains(got, c.want) {
			t.Errorf("%q: got %q, want %q in it", c.text, got, c.want)
		}
	}
	for text, want := range map[string]Image{
		"![300](pic.svg)":           {Width: 300},
		"![|300](pic.svg)":          {Width: 300},
		"![words|300x200](pic.svg)": {Alt: "words", Width: 300, Height: 200},
		"![words](pic.svg)":         {Alt: "words"},
		"![[pic.svg|300]]":          {Width: 300},
		"![in 1998](pic.svg)":       {Alt: "in 1998"},
	} {
		if d := parsePage(text + "\n").Doc; len(d.Refs) != 1 || d.Refs[0].Image != want {
			t.Errorf("%s: got %+v, want %+v", text, d.Refs, want)
		}
	}
	p := parsePage("# A\n\n### Lucide\n\nIcons by Lucide. ^lucide\n\n![[pic.svg]]^here\n\nTwice. ^lucide\n")
	var ids, codes []string
	for _, b := range p.Doc.Blocks {
		if b.Named {
			ids = append(ids, b.Name+"="+b.ID)
		}
	}
	for _, f := range p.Findings {
		codes = append(codes, f.Code+" "+f.Severity.String())
	}
	if got := strings.Join(ids, " "); got != "lucide=lucide-2 here=here lucide=lucide-3" {
		t.Errorf("the names of blocks: %s", got)
	}
	if got := strings.Join(codes, ", "); got != "heading-skipped warning, missing-alt warning, duplicate-id default" {
		t.Errorf("the findings: %s", got)
	}
	hard := Settings{Language: "en", HardBreaks: true}
	if got := written(t, "> One\n> two\r\n> three\n", hard); !strings.Contains(got, "One<br>\ntwo<br>\nthree</p>") {
		t.Errorf("hard_breaks: %q", got)
	}
	var twin strings.Builder
	for _, s := range ParseDoc(DocInput{File{"content/x.md", []byte("> One\n> two\r\n> three\n")}, hard}).Doc.Twin {
		twin.WriteString(s.Text)
	}
	if twin.String() != "> One\\\n> two\\\n> three\n" {
		t.Errorf("hard_breaks, as markdown: %q", twin.String())
	}
}

// TestPlainHTML holds what becomes of the elements that say something about words, and of the text that is read
// without them.
func TestPlainHTML(t *testing.T) {
	for _, c := range []struct{ text, html, plain string }{
		{"one<br>two<br/>three<BR />four", "one<br>\ntwo<br>\nthree<br>\nfour", "one two three four"},
		{"H<sub>2</sub>O and x<sup>2</sup>", "H<sub>2</sub>O and x<sup>2</sup>", "H2O and x2"},
		{"Press <kbd>Ctrl</kbd>+<kbd>C</kbd>.", "Press <kbd>Ctrl</kbd>+<kbd>C</kbd>.", "Press Ctrl+C."},
		{"<abbr title=\"Tables & <b>\">T</abbr>", "<abbr title=\"Tables &amp; &lt;b&gt;\">T</abbr>", "T"},
		{"<u>a</u> <mark>b</mark> <small>c</small> <cite>d</cite> <ins>e</ins> <dfn>f</dfn>", "<u>a</u> <mark>b</mark> <small>c</small> <cite>d</cite> <ins>e</ins> <dfn>f</dfn>", "a b c d e f"},
		{"He said <q>no</q>.", "He said <q>no</q>.", "He said “no”."},
		{"It was <del>35</del> 40 and <s>x</s>.", "It was <del>35</del> 40 and <s>x</s>.", "It was 40 and."},
		{"<ruby>漢字<rp>(</rp><rt>kanji</rt><rp>)</rp></ruby>", "<ruby>漢字<rp>(</rp><rt>kanji</rt><rp>)</rp></ruby>", "漢字"},
		{"long<wbr>word", "long<wbr>word", "longword"},
		{"<b>bold *and* [[x]]</b>", "<b>bold <em>and</em> ⟦0⟧x⟦/0⟧</b>", "bold and x"},
		{"<span>a</span>", "&lt;span&gt;a&lt;/span&gt;", "<span>a</span>"},
		{"<i lang=\"fr\" dir='LTR'>a</i>", "<i lang=\"fr\" dir=\"ltr\">a</i>", "a"},
		{"<ins cite=https://example.org/x>a</ins>", "<ins cite=\"https://example.org/x\">a</ins>", "a"},
		{"*<b>a</b>*", "<em><b>a</b></em>", "a"},
		{"[H<sub>2</sub>O](x.md)", "⟦0⟧H<sub>2</sub>O⟦/0⟧", "H2O"},
		// what is not right is mended, and told
		{"a <b>b *c* d", "a <b>b <em>c</em> d</b>", "a b c d"},
		{"a <b>b <i>c</b> d", "a <b>b <i>c</i></b> d", "a b c d"},
		{"a </b> b", "a  b", "a  b"},
		{"a *<b>b* c", "a <em><b>b</b></em> c", "a b c"},
	} {
		p := parsePage("p\n\n" + c.text + "\n")
		check(t, []byte("p\n\n"+c.text+"\n"), p)
		if got := holes(p.Doc.Body); !strings.Contains(got, ">"+c.html+"</p>") {
			t.Errorf("%q: the page has %q, want %q", c.text, got, c.html)
		}
		if got := p.Doc.Blocks[1].Text; got != c.plain {
			t.Errorf("%q: the plain text is %q, want %q", c.text, got, c.plain)
		}
	}
	d := parsePage("# H<sub>2</sub>O\n\n## A<br>b <kbd>C</kbd>\n\n| a<br>b |\n|---|\n| c<br>d |\n").Doc
	if d.Meta.Title != "H2O" || d.Heads[0].Text != "A b C" || d.Heads[0].ID != "a-b-c" || d.Blocks[1].Text != "a b. c d." {
		t.Errorf("headings and cells: %q, %+v, %q", d.Meta.Title, d.Heads, d.Blocks[1].Text)
	}
	for text, want := range map[string]string{
		"a <b>b\n\nc":             "<b> starts here and never ends in this text",
		"a </b>":                  "</b> ends here and never starts in this text",
		"a <b class=x id=y>b</b>": "class, id of <b> is left out",
		"a <rt>b</rt>":            "HTML in markdown is shown as text: <rt>",
		"<font>a</font> <font>b</font> <font>c</font>":    "HTML in markdown is shown as text: <font>, and 2 more of them",
		"<details>\n\ntext\n\n</details>":                 "this <details> has no <summary>, so readers cannot tell what is inside",
		"<details><summary>x</summary>\n\ntext":           "<details> starts here and never ends",
		"text\n\n</details>":                              "</details> does not belong here",
		"<details class=x><summary>x</summary></details>": "class of <details> is left out",
	} {
		p := parsePage(text + "\n")
		if len(p.Findings) != 1 || p.Findings[0].Code != "raw-html" || p.Findings[0].Message != want {
			t.Errorf("%q: got %+v, want %q", text, p.Findings, want)
		}
	}
}

// TestFolds holds that details and summary work around markdown of any kind.
func TestFolds(t *testing.T) {
	const open = `<details class="box note"><summary class="box-title"><span id="ID">More</span></summary>` + "\n"
	ids := regexp.MustCompile(`"b-[0-9a-f]{6}(?:-\d+)?"`)
	for _, c := range []struct{ text, html string }{
		{"<details><summary>More</summary>\n\nHidden *text*.\n\n</details>", open + "<p id=\"ID\">Hidden <em>text</em>.</p>\n</details>"},
		{"<details>\n<summary>More</summary>\nHidden *text*.\n</details>", open + "<p id=\"ID\">Hidden <em>text</em>.</p>\n</details>"},
		{"<details>\n<summary>\nMore\n</summary>\n\n- item\n</details>", open + "<ul>\n<li id=\"ID\">item</li>\n</ul>\n</details>"},
		{"<DETAILS OPEN>\n  <summary><b>More</b></summary>\n\ntext\n\n</DETAILS>", `<details class="box note" open><summary class="box-title"><span id="ID"><b>More</b></span></summary>` + "\n<p id=\"ID\">text</p>\n</details>"},
		{"<details><summary>More</summary>\n\n<details><summary>More</summary>\n\ntext\n\n</details>\n\n</details>", open + open + "<p id=\"ID\">text</p>\n</details>\n</details>"},
		{"<details><summary>More</summary>\n\n```\n</details>\n```\n\n</details>\n\nafter", "</code></pre>\n</details>\n<p id=\"ID\">after</p>"},
		{"> <details><summary>More</summary>\n>\n> text\n>\n> </details>", "<p id=\"ID\">text</p>\n</details>\n</blockquote>"},
		{"1. a\n\n   <details><summary>More</summary>\n\n   text\n\n   </details>\n", "<p id=\"ID\">text</p>\n</details>\n</li>"},
		{"> <details><summary>More</summary>\n\nafter", "</details>\n</blockquote>\n<p id=\"ID\">after</p>"},
	} {
		p := parsePage(c.text + "\n")
		check(t, []byte(c.text+"\n"), p)
		if got := ids.ReplaceAllString(holes(p.Doc.Body), `"ID"`); !strings.Contains(got, c.html) {
			t.Errorf("%q: got\n%s\nwant\n%s", c.text, got, c.html)
		}
	}
	p := parsePage("<details><summary>A [[link]] and [@a]</summary>\nSee [[other]].\n</details>\n")
	var refs []string
	for _, r := range p.Doc.Refs {
		refs = append(refs, r.Target+" in "+p.Doc.Blocks[r.Block].Text)
	}
	if got := strings.Join(refs, "; "); got != "link in A link and; a in A link and; other in See other." {
		t.Errorf("references in a fold: %s", got)
	}
}

// TestHTMLIsHarmless holds that no markup of a writer can run anything or style anything, in the page or in its markdown.
func TestHTMLIsHarmless(t *testing.T) {
	for _, text := range []string{
		`<b onclick="alert(1)">x</b>`, `<b onmouseover=alert(1)>x</b>`, `<b style="background:url(javascript:alert(1))">x</b>`,
		`<b class="js-x" id="_main">x</b>`, `<abbr title="&quot;onclick=alert(1)&quot;">x</abbr>`, `<abbr title='"><script>alert(1)</script>'>x</abbr>`,
		`<abbr title="x" title="y" onclick=z>x</abbr>`, `<q cite="javascript:alert(1)">x</q>`, `<q cite=" java&#10;script:alert(1)">x</q>`, `<del cite="data:text/html,x">x</del>`,
		`<b/onclick=alert(1)>x</b>`, `<b onclick>x</b>`, "<b\nonclick=alert(1)>x</b>", `<details ontoggle=alert(1) open><summary>x</summary></details>`,
		`<details open="" ontoggle="alert(1)">`, `<summary onclick=alert(1)>x</summary>`, `<details><summary><script>alert(1)</script></summary></details>`,
		`<details><summary><img src=x onerror=alert(1)></summary></details>`, `<script>alert(1)</script>`, `<SCRIPT SRC=//x></SCRIPT>`, `<img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`,
		`<iframe src=javascript:alert(1)>`, `<style>*{display:none}</style>`, `<a href="javascript:alert(1)">x</a>`, `<math><mi xlink:href="data:x">`, `<b lang="x" onload="y">z</b>`,
		`<b lang="&quot; onclick=&quot;x">z</b>`, `<b dir="ltr&quot; onclick=&quot;x">z</b>`, `<br onload=alert(1)>`, `<br/><script>x</script>`, `<kbd><script>alert(1)</script></kbd>`,
		`<!--><script>alert(1)</script>-->`, `<b <script>alert(1)</script>`, `<<b>script>alert(1)<</b>/script>`, `<s<script>cript>`, `<ruby><rt><script>x</script></rt></ruby>`,
		"<b\x00onclick=x>y</b>", `<b title="` + "`" + `onclick=x` + "`" + `">y</b>`, `<details class="box known" id="x"><summary style="x">y</summary></details>`,
	} {
		for _, around := range []string{"%", "a % b", "> %", "- %", "| a |\n|---|\n| % |", "# %", "[%](x.md)", "<details><summary>s</summary>\n%\n</details>", "---\nsummary: |\n  %\n---\n"} {
			src := strings.ReplaceAll(around, "%", text) + "\n"
			p := parsePage(src)
			body := holes(p.Doc.Body)
			for _, in := range []Inline{p.Doc.Meta.Summary} {
				body += holes(in.Body)
			}
			for _, m := range anyTag.FindAllStringSubmatch(body, -1) {
				if bad := badTag.FindString(m[0]); bad != "" {
					t.Errorf("%q: %q has %q", src, m[0], bad)
				}
				if m[1] != "" && !slices.Contains(plainTags, m[1]) && !slices.Contains([]string{"p", "details", "summary", "span", "blockquote", "ul", "li", "div", "table", "thead", "tbody", "tr", "td", "th", "h2", "a", "pre"}, m[1]) {
					t.Errorf("%q: the page has %q", src, m[0])
				}
			}
			var twin strings.Builder
			for _, s := range p.Doc.Twin {
				twin.WriteString(s.Text)
			}
			if m := activeTag.FindString(twin.String()); m != "" && !strings.HasPrefix(around, "---") && !(strings.HasPrefix(around, "|") && strings.Contains(text, "\n")) {
				t.Errorf("%q: the markdown page has %q", src, m)
			}
		}
	}
}

var (
	anyTag    = regexp.MustCompile(`</?([a-z0-9]*)[^>]*>`)
	badTag    = regexp.MustCompile(`(?i)\s(?:on\w+|style|src|srcdoc|xlink:href)\s*=|javascript:|class="js|id="_main"|data:`)
	activeTag = regexp.MustCompile(`(?is)<(?:script|img|svg|iframe|style|math|a )|<\w+(?:"[^"]*"|'[^']*'|[^>"'])*?\s(?:on\w+|style|class|id)\s*=`)
)
