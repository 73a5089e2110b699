package content

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gloss/generator/diag"
)

// bibOf reads one field of an entry of BibTeX and returns what CSL has for it.
func bibOf(t *testing.T, src, key string) string {
	t.Helper()
	v, _ := readBibTeX("x.bib", []byte(src), "bad-record")
	if len(v.list) != 1 {
		t.Fatalf("%s: %d records", src, len(v.list))
	}
	x, _ := v.list[0].get(key)
	return bibDump(x)
}

func bibDump(v value) string {
	var s []string
	switch v.kind {
	case kList:
		for _, x := range v.list {
			s = append(s, bibDump(x))
		}
		return strings.Join(s, "; ")
	case kTable:
		for _, k := range v.keys {
			s = append(s, k.key+"="+bibDump(k.val))
		}
		return strings.Join(s, "|")
	}
	return v.text
}

func TestBibTeXText(t *testing.T) {
	for _, c := range [][2]string{
		{`M\"uller, M\"{u}ller, M{\"u}ller, M{\"{u}}ller, {M}{\"u}ller`, "Müller, Müller, Müller, Müller, Müller"},
		{`\'{\i} \'\i{} {\'{\i}} \"{\i}`, "í í í ï"},
		{`\c{c} \c c {\c c} \v{s} {\v s} \v S`, "ç ç ç š š Š"},
		{`\H{o} \k{a} \u{g} \~n \d{t} \b{d} \r{a} \=e \.z \t{oo}`, "ő ą ğ ñ ṭ ḏ å ē ż o͡o"},
		{`{\ss} {\o}{\O} {\aa}{\AA} {\ae}{\AE} {\oe}{\OE} \l{}\'od\'z {\L} {\dh}{\TH} {\i} {\j}`, "ß øØ åÅ æÆ œŒ łódź Ł ðÞ ı ȷ"},
		{`Stra\ss e und Stra{\ss}e`, "Straße und Straße"},
		{`\'{\^e} \~{\u a}`, "ế ẵ"},
		{`\& \% \$ \_ \# \{ \}`, "& % $ _ # { }"},
		{`1736--1739 --- ~x`, "1736–1739 — \u00A0x"},
		{"``quoted'' `single' it's", "“quoted” ‘single’ it’s"},
		{`\textquotesingle{}s \textendash{} \textemdash{} \textellipsis{} \ldots{} \textgreater{} \textless{}`, "'s – — … … > <"},
		{`\emph{a} \textit{b} \textbf{c} {\em d} {\bf e}`, "<i>a</i> <i>b</i> <b>c</b> <i>d</i> <b>e</b>"},
		{`\textsc{a} H\textsubscript{2}O m\textsuperscript{2}`, `<span style="font-variant:small-caps;">a</span> H<sub>2</sub>O m<sup>2</sup>`},
		{`H$_2$O CO$_{2}$ m$^2$ 4$^{\textrm{th}}$ 10$^{\circ}$ 5\,$\mu$m $-$3 $\alpha$-helix`, "H<sub>2</sub>O CO<sub>2</sub> m<sup>2</sup> 4<sup>th</sup> 10° 5\u202Fμm −3 α-helix"},
		{`a cost of $5 million and $6 million`, "a cost of $5 million and $6 million"},
		{`US$ 5`, "US$ 5"},
		{`\enquote{a \enquote{b} c} \mkbibquote{d}`, "“a ‘b’ c” “d”"},
		{`\href{https://example.org/}{words} \url{https://example.org/a_b}`, "words https://example.org/a_b"},
		{`The {NASA} {N}ames and {{all}}`, "The NASA Names and all"},
		{`{\LaTeX} and \TeX\ too \LaTeX{}`, "LaTeX and TeX too LaTeX"},
		{"a\n    folded   title", "a folded title"},
		{`soft\-hyphen \mbox{x y} \uppercase{abc} \texttt{d}`, "softhyphen x y ABC d"},
		{`{\relax van} \foreignlanguage{german}{Wort} \noopsort{1973b}1973`, "van Wort 1973"},
		{`\unheardof{the words} stay`, "the words stay"},
		{`"straight" <b> 100%`, `"straight" <b> 100%`},
		{`\frac{1}{2} \sqrt{2} $\mathbb{R}^n$ $x \leq y$`, "1⁄2 √2 ℝ<sup>n</sup> x ≤y"},
	} {
		if got := bibOf(t, "@misc{a, title = {"+c[0]+"}}", "title"); got != c[1] {
			t.Errorf("%s\ngives %q\nwant  %q", c[0], got, c[1])
		}
	}
}

func TestBibTeXNames(t *testing.T) {
	for _, c := range [][2]string{
		{`Jane Doe`, "family=Doe|given=Jane"},
		{`Doe, Jane`, "family=Doe|given=Jane"},
		{`Plato`, "family=Plato"},
		{`Ludwig van Beethoven`, "non-dropping-particle=van|family=Beethoven|given=Ludwig"},
		{`van Beethoven, Ludwig`, "non-dropping-particle=van|family=Beethoven|given=Ludwig"},
		{`de la Vall{\'e}e Poussin, Charles`, "non-dropping-particle=de la|family=Vallée Poussin|given=Charles"},
		{`King, Jr., Martin Luther`, "family=King|given=Martin Luther|suffix=Jr."},
		{`Ortega y Gasset, Jos{\'e}`, "family=Ortega y Gasset|given=José"},
		{`{World Health Organization}`, "literal=World Health Organization"},
		{`{{Barnes and Noble, Inc.}}`, "literal=Barnes and Noble, Inc."},
		{`Doe, J. and Roe, R. AND {Barnes and Noble} and others`, "family=Doe|given=J.; family=Roe|given=R.; literal=Barnes and Noble; literal=et al."},
		{"Doe, J.\n\t\tand Roe, R.", "family=Doe|given=J.; family=Roe|given=R."},
		{`{\'E}mile {\v Z}ola`, "family=Žola|given=Émile"},
		{`J.~R. Smith`, "family=Smith|given=J. R."},
		{`family=Simon, given=Patrick, prefix=de, useprefix=false`, "family=Simon|given=Patrick|dropping-particle=de"},
		{`given={Ed, Jr}, family={Poe}, given-i=E`, "given=Ed, Jr|family=Poe"},
		{`{family=Nagell, prefix=van, "given={John R.}", suffix=Jr.}`, "family=Nagell|non-dropping-particle=van|given=John R.|suffix=Jr."},
		{`Smith, J., Doe, K., Roe, R.`, "literal=Smith, J., Doe, K., Roe, R."},
		{`Александр Пушкин and محمود درويش`, "family=Пушкин|given=Александр; family=درويش|given=محمود"},
	} {
		src := "@misc{a, author = {" + c[0] + "}}"
		if got := bibOf(t, src, "author"); got != c[1] {
			t.Errorf("%s\ngives %q\nwant  %q", c[0], got, c[1])
		}
	}
}

func TestBibTeXDates(t *testing.T) {
	for _, c := range [][2]string{
		{`date = {2017-03-05}`, "2017-03-05"}, {`date = 2006`, "2006"}, {`date = {1998/2001}`, "1998/2001"}, {`date = {2004-21}`, "2004-21"},
		{`date = {1998~}`, "1998~"}, {`date = {1723?~}`, "1723%"}, {`date = {/2000}`, "/2000"}, {`date = {2001/..}`, "2001/.."}, {`date = {-0043}`, "-0043"}, {`date = {-876}`, "-0876"},
		{`year = 1988`, "1988"}, {`year = {1998--2001}`, "1998–2001"}, {`year = "{\noopsort{1973b}}1973"`, "1973"}, {`year = {[1998]}`, "[1998]"},
		{`year = 2001, month = feb`, "2001-02"}, {`year = 2001, month = {February}`, "2001-02"}, {`year = 2001, month = March`, "2001-03"}, {`year = 2001, month = {Sept.}`, "2001-09"},
		{`year = 2001, month = 7`, "2001-07"}, {`year = 2001, month = {07}, day = 4`, "2001-07-04"}, {`year = 2001, month = jul # "~4"`, "2001-07-04"},
		{`year = 2001, month = "4~" # jul`, "2001-07-04"}, {`year = 2001, month = jul # "\slash " # aug`, "2001-07/2001-08"}, {`year = 2001, month = {July--August}`, "2001-07/2001-08"},
		{`year = 2001, month = {Spring}`, "2001-21"}, {`year = 2001, month = {Michaelmas}`, "Michaelmas 2001"}, {`year = {January 1978}`, "January 1978"},
		{`year = {in press}`, "literal=in press"}, {`year = {n.d.}`, "literal=n.d."}, {`date = {2001}, year = 1999, month = jan`, "2001"},
	} {
		if got := bibOf(t, "@misc{a, title = {T}, "+c[0]+"}", "issued"); got != c[1] {
			t.Errorf("%s\ngives %q, want %q", c[0], got, c[1])
		}
	}
}

func TestBibTeXRecords(t *testing.T) {
	for _, c := range []struct{ src, key, want string }{
		{`@article{a, title={T}, journal={J}}`, "type", "article-journal"},
		{`@ARTICLE(a, title="T", journal="J")`, "type", "article-journal"},
		{`@article{a, title={T}, journaltitle={J}, entrysubtype={newspaper}}`, "type", "article-newspaper"},
		{`@article{a, title={T}, eprint={1234.5678}, archivePrefix={arXiv}}`, "type", "article"},
		{`@article{a, title={T}, eprint={1234.5678}, archivePrefix={arXiv}}`, "URL", "https://arxiv.org/abs/1234.5678"},
		{`@misc{a, title={T}, howpublished={\url{https://example.org/a_b}}}`, "type", "webpage"},
		{`@misc{a, title={T}, howpublished={\url{https://example.org/a_b}}}`, "URL", "https://example.org/a_b"},
		{`@misc{a, title={T}, howpublished={Leaflet}}`, "publisher", "Leaflet"},
		{`@misc{a, title={T}}`, "type", "document"},
		{`@www{a, title={T}, url={https://example.org/x\_y?a=\%20\&b=1{\#}top}}`, "URL", "https://example.org/x_y?a=%20&b=1#top"},
		{`@electronic{a, title={T}}`, "type", "webpage"},
		{`@conference{a, title={T}, booktitle={P}, organization={O}}`, "type", "paper-conference"},
		{`@conference{a, title={T}, booktitle={P}, organization={O}}`, "publisher", "O"},
		{`@mastersthesis{a, title={T}, school={S}}`, "genre", "Master’s thesis"},
		{`@thesis{a, title={T}, type={phdthesis}, institution={S}}`, "genre", "PhD thesis"},
		{`@techreport{a, title={T}, institution={I}, number=7}`, "publisher", "I"},
		{`@unpublished{a, title={T}, eventtitle={E}}`, "type", "speech"},
		{`@inbook{a, title={T}, chapter=2}`, "type", "book"},
		{`@inbook{a, title={T}, booktitle={B}}`, "container-title", "B"},
		{`@jurisdiction{a, title={T}}`, "type", "legal_case"},
		{`@movie{a, title={T}, editor={Doe, J.}, editortype={director}}`, "director", "family=Doe|given=J."},
		{`@book{a, title={T}, subtitle={S}, titleaddon={A}}`, "title", "T: S. A"},
		{`@book{a, title={Who?}, subtitle={S}}`, "title", "Who? S"},
		{`@book{a, title={Part}, maintitle={Whole}}`, "title", "Whole. Part"},
		{`@article{a, title={T}, journal={J}, volume=1, number={2}, pages={3--4}}`, "issue", "2"},
		{`@article{a, title={T}, pages={3--4}}`, "page", "3–4"},
		{`@book{a, title={T}, langid={ngerman}}`, "language", "de"},
		{`@book{a, title={T}, language={langenglish}}`, "language", "en"},
		{`@book{a, title={T}, ids={b, c}}`, "ids", "b; c"},
		{`@book{a, title={T}, seen={false}, via={b, c}, addendum={For readers}}`, "custom", "seen=false|via=b; c|note=For readers"},
		{`@string{j = "Jour" # nal} @string(nal = {nal of X}) @article{a, title={T}, journal=j}`, "container-title", "Journal of X"},
		{`@preamble{"\newcommand{\switch}[2]{#2#1}"} @book{a, title={\switch{b}{a}}}`, "title", "ab"},
		{`@comment{@book{b, title={B}}} text me@example.org @book{a, title={T}}`, "title", "T"},
		{"% @book{b, title={B}}\n@book{a, % a comment\n title={T}}", "title", "T"},
		{"\xEF\xBB\xBF@book{a,\r\n title={T}\r\n}\r\n", "title", "T"},
	} {
		if got := bibOf(t, c.src, c.key); got != c.want {
			t.Errorf("%s\n%s is %q, want %q", c.src, c.key, got, c.want)
		}
	}
}

// TestBibTeXInherits: a chapter takes over what its book says, and xdata is taken as it is.
func TestBibTeXInherits(t *testing.T) {
	v, fs := readBibTeX("x.bib", []byte(`@incollection{c, title={C}, author={Doe, J.}, crossref={B}}
@collection{b, title={The Book}, subtitle={S}, editor={Roe, R.}, date=2001, note={mine}, xdata={pub}}
@xdata{pub, publisher={P}, location={L}}
@inproceedings{p, title={P}, crossref={proc}}
@proceedings{proc, title={Proceedings of X}, booktitle={Proc. X}, year=1999}
@article{loop, title={L}, journal={J}, crossref={loop}}`), "bad-record")
	if len(fs) != 1 || !strings.Contains(fs[0].Message, `names "loop"`) {
		t.Errorf("findings: %v", fs)
	}
	var got []string
	for _, e := range v.list {
		got = append(got, bibDump(e))
	}
	want := []string{
		"type=chapter|id=c|title=C|author=family=Doe|given=J.|container-title=The Book: S|editor=family=Roe|given=R.|issued=2001|publisher=P|publisher-place=L",
		"type=book|whole=true|id=b|title=The Book: S|editor=family=Roe|given=R.|issued=2001|note=mine|publisher=P|publisher-place=L",
		"type=paper-conference|id=p|title=P|container-title=Proc. X|issued=1999",
		"type=book|whole=true|id=proc|title=Proceedings of X|issued=1999",
		"type=article-journal|id=loop|title=L|container-title=J",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestBibTeXFaults: each slip is named at its place, and the entries after it are read.
func TestBibTeXFaults(t *testing.T) {
	for _, c := range []struct{ src, at, message string }{
		{"@book{a, title = {Foo,\n author = {X}\n}\n", "{Foo,", "this { has no partner before the next field"},
		{"@book{a, title = {Foo\n", "{Foo", "this { is never closed"},
		{"@book{a, title = \"Foo\n}\n", "\"Foo", `this " has no partner`},
		{"@book{a, title = {Foo}\n", "{", "this { of the entry is never closed"},
		{"@book{a, title = {Foo}}}\n@book{, title={T}}\n", "@book{", "this entry has no name"},
		{"@book{title = {Foo}}\n", "@book{", "this entry has no name"},
		{"@book{a title = {Foo}}\n", "@book{", "this entry has no name"},
		{"@book{a, title}\n", "title}", `after "title" comes =`},
		{"@book{a, title = }\n", "}", `"title" has no value`},
		{"@book{a, title = ####}\n", "#", `"title" has no value`},
		{"@book{a, title = Foo Bar}\n", "Foo Bar}", "a text needs braces"},
		{"@book{a, title = \"M\\\"uller\"}\n", "\\\"", "belongs to an accent"},
		{"@book a, title = {T}\n", "@book", "an entry has its fields in braces"},
		{"@book{a, title = {T} year = 2001}\n", "year", `a comma is missing before "year"`},
		{"@book{a, title = {T}, title = {U}}\n", "title", `the key "title" stands here twice`},
		{"@book{a, title = {T}, publisher = nobody}\n", "nobody", `no @string is called "nobody"`},
		{"@string{abc = {X}}@book{a, title = {T}, publisher = abd}\n", "abd", `no @string is called "abd"`},
		{"@string{a = a # a}@book{b, title = a}\n", "a", `stands for itself`},
		{"@book{a, title = {T \\foo{x}}}\n", "\\foo", `the TeX command \foo is not known`},
		{"@book{a, title = {T}, autor = {X}}\n", "autor", `BibTeX has no field "autor"`},
		{"@artcle{a, title = {T}}\n", "@artcle", "no type of entry is called @artcle"},
		{"@book{a, title = {T}, crossref = {nobody}}\n", "nobody", `crossref names "nobody"`},
		{"@book{a, title = {T}, author = {A, B, C, D}}\n", "A, B, C, D", "this name has 3 commas"},
		{"only text\n", "only text", "it has no entry"},
	} {
		src := c.src
		if c.src != "only text\n" {
			src += "\n@book{last, title = {Last}}\n"
		}
		v, fs := readBibTeX("x.bib", []byte(src), "bad-record")
		if len(fs) != 1 || !strings.Contains(fs[0].Message, c.message) {
			t.Errorf("%s: findings %+v, want one with %q", src, fs, c.message)
			continue
		}
		if got := src[fs[0].Span.Start:fs[0].Span.End]; got != c.at {
			t.Errorf("%s: at %q, want %q", src, got, c.at)
		}
		if c.src != "only text\n" {
			if n := len(v.list); n == 0 || bibDump(v.list[n-1]) != "type=book|id=last|title=Last" {
				t.Errorf("%s: the entry after it is not read", src)
			}
		}
	}
}

// TestBibTeXFiles reads files as programs write them and compares the records with the goldens beside them.
func TestBibTeXFiles(t *testing.T) {
	names, _ := filepath.Glob("testdata/bib/*.bib")
	if len(names) < 5 {
		t.Fatalf("%d files", len(names))
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		v, fs := readBibTeX("x.bib", src, "bad-record")
		var b strings.Builder
		for _, e := range v.list {
			for _, k := range e.keys {
				fmt.Fprintf(&b, "%s: %s\n", k.key, bibDump(k.val))
			}
			b.WriteByte('\n')
		}
		for _, f := range fs {
			p := diag.Locate(src, f.Span.Start)
			fmt.Fprintf(&b, "%d:%d %q %s. %s\n", p.Line, p.Column, src[f.Span.Start:f.Span.End], f.Message, f.Hint)
		}
		golden := strings.TrimSuffix(name, ".bib") + ".out"
		if *update {
			if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, _ := os.ReadFile(golden)
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestBibTeXIsLinear reads what a reader that starts over at each sign would take hours for.
func TestBibTeXIsLinear(t *testing.T) {
	for _, s := range []string{"{", "}", "@", "@a{", "@a{x,", "\n@a{x,t={", "\n@a{x,t=\"", "#", "@a{x,t=1#", "\\", "$", "@%", "@a%\n", "\"{", "@string{a={", "\n@a{x,t={$", "%", "@comment{", "\n@a{x,t=y}", "\n@a{x,crossref=y}", "\n@a{x,titlf={}}", "\n@a{x,author={a and b and \\'"} {
		src := []byte(strings.Repeat(s, (1<<17)/len(s)))
		readBibTeX("x.bib", src, "bad-record")
		readBibTeX("x.bib", append([]byte("@book{a, title = {"), append(src, "}}"...)...), "bad-record")
		readBibTeX("x.bib", append([]byte("@book{a, author = {"), append(src, strings.Repeat("}", strings.Count(string(src), "{")+2)...)...), "bad-record")
	}
	bomb := "@string{a0 = {xxxxxxxxxx}}\n"
	for i := range 40 {
		bomb += fmt.Sprintf("@string{a%d = a%d # a%d}\n", i+1, i, i)
	}
	if _, fs := readBibTeX("x.bib", []byte(bomb+"@book{b, title = a40}"), "bad-record"); len(fs) != 1 || !strings.Contains(fs[0].Message, "too much text") {
		t.Errorf("findings: %v", fs)
	}
}

// FuzzBibTeX reads any bytes: no panic, each place in the file, and the same again.
func FuzzBibTeX(f *testing.F) {
	names, _ := filepath.Glob("testdata/bib/*.bib")
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(`@book{a, title = "M\"u" # {b} # c, author = {A and {B} and family=C}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		v, fs := readBibTeX("x.bib", src, "bad-record")
		inFile := func(s diag.Span) {
			if s != (diag.Span{}) && (s.File != "x.bib" || s.Start < 0 || s.End < s.Start || s.End > len(src)) {
				t.Errorf("the span %+v is not in the file, which has %d bytes", s, len(src))
			}
		}
		for _, x := range fs {
			inFile(x.Span)
		}
		var walk func(v value)
		walk = func(v value) {
			inFile(v.span)
			for _, x := range v.list {
				walk(x)
			}
			for _, x := range v.keys {
				inFile(x.span)
				walk(x.val)
			}
		}
		walk(v)
		again, _ := readBibTeX("x.bib", src, "bad-record")
		if !reflect.DeepEqual(v, again) {
			t.Error("two readings differ")
		}
	})
}
