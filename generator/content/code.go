package content

import (
	"bytes"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
)

func (b *builder) fence(n *ast.FencedCodeBlock, name string) {
	lang := string(n.Language(b.src.text))
	code := b.lines(n)
	end, _ := b.fenceEnd(n)
	span := b.span(b.fenceStart(n), end)
	b.fenceSlips(n, lang, code)
	switch lang {
	case "chart":
		b.chart(n, code, name, span)
		return
	case "timeline":
		b.timeline(n, code, name, span)
		return
	}
	i := b.open("code", n, name, code)
	b.doc.Blocks[i].Span = span
	b.html("<pre class=\"code\" tabindex=\"0\" id=\"", b.doc.Blocks[i].ID, "\"><code")
	if lang != "" {
		b.html(" class=\"language-")
		b.escape(resolve([]byte(lang)))
		b.html("\"")
	}
	b.html(">")
	b.highlight(lang, code)
	b.html("</code></pre>\n")
	b.close(i)
}

// fenceStart is where the opening ``` stands. The position that goldmark gives is off by a tab's width after > and a
// tab, and there is none for some; nothing else before the fence is made of its characters.
func (b *builder) fenceStart(n *ast.FencedCodeBlock) int {
	at := max(0, n.Pos())
	if n.Info != nil {
		at = n.Info.Segment.Start
	}
	start := bytes.LastIndexByte(b.src.text[:at], '\n') + 1
	if i := bytes.IndexAny(b.src.text[start:lineEnd(b.src.text, start)], "`~"); i >= 0 {
		return start + i
	}
	return at
}

// fenceEnd is the end of the closing fence, or of the last line where none closes.
func (b *builder) fenceEnd(n *ast.FencedCodeBlock) (end int, closed bool) {
	start, text := b.fenceStart(n), b.src.text
	end = lineEnd(text, start)
	if l := n.Lines(); l.Len() > 0 {
		end = l.At(l.Len() - 1).Stop
		if end > 0 && text[end-1] == '\n' {
			end--
		}
		if end > 0 && text[end-1] == '\r' {
			end--
		}
	}
	at := next(text, end)
	line := bytes.TrimSpace(bytes.TrimLeft(text[at:lineEnd(text, at)], " \t>"))
	if mark := fenceMark(line); mark != nil && len(mark) == len(line) && bytes.HasPrefix(mark, fenceMark(text[start:])) {
		return lineEnd(text, at), true
	}
	return end, false
}

// highlight writes code with the short class names of chroma, so that one stylesheet serves light and dark.
func (b *builder) highlight(lang, code string) {
	lexer, known := b.lexers[lang]
	if !known && lang != "" { // chroma tries the patterns of every file name for a language that it does not know
		lexer = lexers.Get(lang)
		b.lexers[lang] = lexer
	}
	if lexer == nil {
		b.escape(code)
		return
	}
	it, err := chroma.Coalesce(lexer).Tokenise(nil, code)
	if err != nil {
		b.escape(code)
		return
	}
	for t := it(); t != chroma.EOF; t = it() {
		if class := chroma.StandardTypes[t.Type]; class != "" {
			b.html("<span class=\"", class, "\">")
			b.escape(t.Value)
			b.html("</span>")
			continue
		}
		b.escape(t.Value)
	}
}
