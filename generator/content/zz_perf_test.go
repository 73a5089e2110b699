package content
import ("testing";"time";"fmt";"strings";"os")
func TestZZPerf(t *testing.T) {
	if os.Getenv("ZZ")=="" { t.Skip() }
	pats := map[string]string{"[":"[", "> ":"> ", "*":"*", "[[":"[[", "$":"$", " $a":" $a","^[":"^[", "[@":"[@", "[@a;":"[@a;", "`":"`", "%%":"%%", "![[":"![[", "[[a\n":"[[a\n", "[[a]]":"[[a]] ", "<b>":"<b> ", "==":"==a ", "a_":"a_", "@a":" @a", "- ":"- ", "lines":"word word\n", "paras":"word [[x]] ^a\n\n", "items":"- a\n", "h":"# a\n", "tbl":"|a|b|\n|-|-|\n", "fn":"[^a]", "fnd":"[^a]: x\n\n", "[a](b)":"[a](b) ", "![":"![", "{#":"# a {#a}\n", "(http":"(http://a.b ", "> \n":"> a\n\n", "nl":"\n", "quo":"> a\n", "br":"a\\\n", "[^x]u":"a[^undef] ", ":": "a\n: b\n\n", "~":"~~a ", "$$":" $$a", "]":"]", "[]":"[a]", "&":"&amp;", "\\":"\\", "fence":"```\na\n```\n","tabs":">\t", "1.":"1. ", "`~":"``a` ","fn:":"[^a]: ","::":": ","a:":"a\n: "}
	only := os.Getenv("ZZ")
	for n, p := range pats {
		if only != "1" && only != n { continue }
		var last time.Duration
		s := fmt.Sprintf("%-8q", n)
		for _, size := range []int{64<<10, 256<<10, 1<<20} {
			src := []byte(strings.Repeat(p, size/len(p)))
			st := time.Now()
			done := make(chan bool)
			go func(){ defer func(){ recover(); close(done)}(); ParseDoc(DocInput{File{"content/x.md", src}, Settings{Language:"en"}}) }()
			select { case <-done: case <-time.After(12*time.Second): s += " TIMEOUT"; fmt.Println(s); goto nxt }
			d := time.Since(st)
			s += fmt.Sprintf(" %8.1fms", float64(d.Microseconds())/1000)
			if last > 0 { s += fmt.Sprintf("(x%.1f)", float64(d)/float64(last)) }
			last = d
			if d > 3*time.Second { break }
		}
		fmt.Println(s)
		nxt:
	}
}
