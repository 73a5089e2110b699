package build

import (
	"fmt"
	"strings"
	"testing"
)

// TestOneSignManyTimes: texts that hold one sign or word of ours thousands of times, or nest it that deep, are read to
// their end. Parsers that call themselves for each level would use up the stack, which no recover helps against.
func TestOneSignManyTimes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds one site after the other, in which the race detector, for which short runs are, has nothing to find")
	}
	rep := strings.Repeat
	gens := map[string]func(n int) (string, string){
		"> ":   func(n int) (string, string) { return "content/a.md", rep("> ", n/2) + "x" },
		">":    func(n int) (string, string) { return "content/a.md", rep(">", n) + "x" },
		"[":    func(n int) (string, string) { return "content/a.md", rep("[", n) },
		"[]":   func(n int) (string, string) { return "content/a.md", rep("[", n/2) + rep("]", n/2) },
		"[[":   func(n int) (string, string) { return "content/a.md", rep("[[x ", n/4) },
		"![":   func(n int) (string, string) { return "content/a.md", rep("![", n/2) },
		"[x](": func(n int) (string, string) { return "content/a.md", rep("[x](", n/4) },
		"![[":  func(n int) (string, string) { return "content/a.md", rep("![[x\n\n", n/6) },
		"*":    func(n int) (string, string) { return "content/a.md", rep("*a ", n/3) },
		"**":   func(n int) (string, string) { return "content/a.md", rep("*a_", n/3) },
		"`": func(n int) (string, string) {
			var b strings.Builder
			for i := 1; b.Len() < n; i++ {
				b.WriteString(rep("`", i) + " ")
			}
			return "content/a.md", b.String()
		},
		"~":      func(n int) (string, string) { return "content/a.md", rep("~~a ", n/4) },
		"==":     func(n int) (string, string) { return "content/a.md", rep("==a ", n/4) },
		"[^":     func(n int) (string, string) { return "content/a.md", rep("[^a]", n/4) },
		"^[":     func(n int) (string, string) { return "content/a.md", rep("^[", n/2) },
		"^[a]":   func(n int) (string, string) { return "content/a.md", rep("^[a]", n/4) },
		"[^a]: ": func(n int) (string, string) { return "content/a.md", rep("[^a]: x\n", n/8) },
		"notes": func(n int) (string, string) {
			var b strings.Builder
			for i := 0; b.Len() < n; i++ {
				fmt.Fprintf(&b, "x[^%d]\n\n[^%d]: y\n\n", i, i)
			}
			return "content/a.md", b.String()
		},
		"[@":    func(n int) (string, string) { return "content/a.md", rep("[@a; ", n/5) },
		"@":     func(n int) (string, string) { return "content/a.md", rep("@a ", n/3) },
		"<":     func(n int) (string, string) { return "content/a.md", rep("<", n) },
		"<a":    func(n int) (string, string) { return "content/a.md", rep("<a ", n/3) },
		"<!--":  func(n int) (string, string) { return "content/a.md", rep("<!-- ", n/5) },
		"%%":    func(n int) (string, string) { return "content/a.md", rep("%%a", n/3) },
		"&":     func(n int) (string, string) { return "content/a.md", rep("&a", n/2) },
		"|":     func(n int) (string, string) { return "content/a.md", "|a\n|-\n" + rep("|", n) },
		"table": func(n int) (string, string) { return "content/a.md", "|a|b|\n|-|-|\n" + rep("|[[a]]|b|\n", n/9) },
		"wide":  func(n int) (string, string) { return "content/a.md", rep("|a", n/4) + "|\n" + rep("|-", n/4) + "|\n" },
		"list": func(n int) (string, string) {
			var b strings.Builder
			for i := 0; b.Len() < n; i++ {
				b.WriteString(rep(" ", 2*i) + "- a\n")
			}
			return "content/a.md", b.String()
		},
		"- ":       func(n int) (string, string) { return "content/a.md", rep("- ", n/2) + "x" },
		"1. ":      func(n int) (string, string) { return "content/a.md", rep("1. x\n", n/5) },
		"def":      func(n int) (string, string) { return "content/a.md", rep("a\n: b\n\n", n/7) },
		": ":       func(n int) (string, string) { return "content/a.md", "a\n" + rep(": ", n/2) + "x" },
		"#":        func(n int) (string, string) { return "content/a.md", rep("# a\n\n", n/5) },
		"## same":  func(n int) (string, string) { return "content/a.md", rep("## a\n\n", n/6) },
		":::":      func(n int) (string, string) { return "content/a.md", rep("::: {#refs}\n\n", n/13) },
		"callouts": func(n int) (string, string) { return "content/a.md", rep("> [!known] x\n> a\n\n", n/18) },
		"callout>": func(n int) (string, string) {
			var b strings.Builder
			for i := 1; b.Len() < n; i++ {
				b.WriteString(rep("> ", i) + "[!note] x\n")
			}
			return "content/a.md", b.String()
		},
		"^x":       func(n int) (string, string) { return "content/a.md", rep("a ^x\n\n", n/6) },
		"chart":    func(n int) (string, string) { return "content/a.md", rep("```chart\ntype=\"bar\"\n```\n\n", n/25) },
		"timeline": func(n int) (string, string) { return "content/a.md", rep("```timeline\nids=[\"a\"]\n```\n\n", n/29) },
		"code":     func(n int) (string, string) { return "content/a.md", "```go\n" + rep("a(", n/2) + "\n```\n" },
		"mail":     func(n int) (string, string) { return "content/a.md", rep("a@", n/2) },
		"http":     func(n int) (string, string) { return "content/a.md", rep("http://a", n/8) },
		"numbers":  func(n int) (string, string) { return "content/a.md", rep("1,", n/2) },
		"numbers2": func(n int) (string, string) { return "content/a.md", rep("12 million in May 2024. ", n/24) },
		"names":    func(n int) (string, string) { return "content/a.md", rep("A term and B. ", n/14) },
		"facts":    func(n int) (string, string) { return "content/a.md", rep("[5](fact:n) ", n/12) },
		"digits":   func(n int) (string, string) { return "content/a.md", rep("1", n) },
		"nosp":     func(n int) (string, string) { return "content/a.md", rep("ab.", n/3) },
		"{{<":      func(n int) (string, string) { return "content/a.md", rep("{{< x ", n/6) },
		"](":       func(n int) (string, string) { return "content/a.md", rep("](x:", n/4) },
		"bidi":     func(n int) (string, string) { return "content/a.md", rep("اa ", n/4) },
		"conflict": func(n int) (string, string) { return "content/a.md", rep("<<<<<<< HEAD\n", n/13) },
		"$":        func(n int) (string, string) { return "content/a.md", rep("$x ", n/3) },
		"\\":       func(n int) (string, string) { return "content/a.md", rep("\\[", n/2) },
		"refdef": func(n int) (string, string) {
			var b strings.Builder
			for i := 0; b.Len() < n; i++ {
				fmt.Fprintf(&b, "[r%d]: /x\n", i)
			}
			return "content/a.md", b.String()
		},
		"yaml [": func(n int) (string, string) { return "content/a.md", "---\ntitle: " + rep("[", n) + "\n---\n" },
		"yaml ind": func(n int) (string, string) {
			var b strings.Builder
			b.WriteString("---\n")
			for i := 0; b.Len() < n; i++ {
				b.WriteString(rep(" ", i) + "a:\n")
			}
			b.WriteString("---\n")
			return "content/a.md", b.String()
		},
		"yaml - ": func(n int) (string, string) { return "content/a.md", "---\na: \n" + rep("- ", n/2) + "\n---\n" },
		"yaml keys": func(n int) (string, string) {
			var b strings.Builder
			b.WriteString("---\n")
			for i := 0; b.Len() < n; i++ {
				fmt.Fprintf(&b, "k%d: a\n", i)
			}
			b.WriteString("---\n")
			return "content/a.md", b.String()
		},
		"aliases": func(n int) (string, string) {
			return "content/a.md", "---\naliases: [" + rep("a b, ", n/5) + "]\n---\n"
		},
		"toml [":   func(n int) (string, string) { return "content/data/facts.toml", "a=" + rep("[", n) },
		"toml {":   func(n int) (string, string) { return "content/data/facts.toml", "a=" + rep("{a=", n/3) },
		"toml .":   func(n int) (string, string) { return "content/data/facts.toml", "a" + rep(".a", n/2) + "=1\n" },
		"toml [a.": func(n int) (string, string) { return "content/data/facts.toml", "[a" + rep(".a", n/2) + "]\nb=1\n" },
		"toml recs": func(n int) (string, string) {
			var b strings.Builder
			for i := 0; b.Len() < n; i++ {
				fmt.Fprintf(&b, "[f%d]\nvalue=1\n", i)
			}
			return "content/data/facts.toml", b.String()
		},
		"json [": func(n int) (string, string) { return "content/data/sources.json", rep("[", n) },
		"json {": func(n int) (string, string) { return "content/data/sources.json", rep("{\"a\":", n/5) },
		"json recs": func(n int) (string, string) {
			var b strings.Builder
			b.WriteString("[")
			for i := 0; b.Len() < n; i++ {
				fmt.Fprintf(&b, "{\"id\":\"s%d\"},\n", i)
			}
			b.WriteString("{}]")
			return "content/data/sources.json", b.String()
		},
		"csv \"": func(n int) (string, string) { return "content/data/events.csv", "id,date\n" + rep("\"", n) },
		"csv ,":  func(n int) (string, string) { return "content/data/rows.csv", rep(",", n) + "\n" },
		"csv rows": func(n int) (string, string) {
			var b strings.Builder
			b.WriteString("id,date,date_end,date_text,title,who,tags,source,planned,disputed\n")
			for i := 0; b.Len() < n; i++ {
				fmt.Fprintf(&b, "e%d,2020,,,T,who-b,tag,src,,\n", i)
			}
			return "content/data/events.csv", b.String()
		},
		"bib": func(n int) (string, string) {
			return "content/data/sources.bib", "@book{a, title={" + rep("{", n) + "}\n"
		},
		"bib2": func(n int) (string, string) { return "content/data/sources.bib", rep("@book{a, title={x}}\n", n/20) },
		"bib#": func(n int) (string, string) {
			return "content/data/sources.bib", "@book{a, title=" + rep("a # ", n/4) + "}\n"
		},
		"yamlsrc [": func(n int) (string, string) { return "content/data/sources.yaml", rep("[", n) },
		"redirects": func(n int) (string, string) {
			var b strings.Builder
			b.WriteString("title=\"T\"\n[redirects]\n")
			for i := 0; b.Len() < n; i++ {
				fmt.Fprintf(&b, "\"/a%d/\" = \"/a%d/\"\n", i, i+1)
			}
			return "site.toml", b.String()
		},
		"layout": func(n int) (string, string) {
			return "layouts/page.html", rep("{{if .Title}}", n/13) + rep("{{end}}", n/13)
		},
		"css":  func(n int) (string, string) { return "static/style.css", rep("a{", n/2) },
		"css@": func(n int) (string, string) { return "static/style.css", rep("@media{", n/7) },
		"css(": func(n int) (string, string) { return "static/style.css", "a{b:" + rep("(", n) },
	}
	for name, gen := range gens {
		files := start()
		file, text := gen(4_000)
		files[file] = text
		tr := themed(t, files, glass)
		if bad := soundFindings(tr, Build(tr, Env{Workers: 1}, nil)); bad != "" {
			t.Errorf("%s: %s", name, bad)
		}
	}
}
