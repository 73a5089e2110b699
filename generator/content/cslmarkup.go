package content

import (
	"html"
	"regexp"
	"strings"
)

// Words are often in italics in the title of a source, or lowered or raised. CSL-JSON writes that as a few tags of HTML
// (citeproc-js manual, "HTML-like formatting tags"), CSL-YAML as Pandoc's markdown, too.

// RichText is a text of a record that may have markup: Text has none, HTML is "" where there is none.
type RichText struct{ Text, HTML string }

var (
	cslTag    = regexp.MustCompile(`(?i)<(/?)(i|em|b|strong|sub|sup|sc|scp|span)((?:\s[^<>]*)?)>`)
	mathTag   = regexp.MustCompile(`</?(?:mml|jats):[^<>]*>`) // Crossref's
	cslEntity = regexp.MustCompile(`&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});`)
	smallCaps = regexp.MustCompile(`font-variant:\s*small-caps|class\s*=\s*["']?small-?caps`)
	noCase    = regexp.MustCompile(`class\s*=\s*["']?nocase`)

	mdBold   = regexp.MustCompile(`\*\*(\S|\S[^*]*?\S)\*\*`)
	mdItalic = regexp.MustCompile(`\*([^\s*]|[^\s*][^*]*?[^\s*])\*`)
	mdUnder  = regexp.MustCompile(`(^|[^\p{L}\p{N}_])_([^\s_]|[^\s_][^_]*?[^\s_])_($|[^\p{L}\p{N}_])`)
	mdSub    = regexp.MustCompile(`~([^\s~]+)~`)
	mdSuper  = regexp.MustCompile(`\^([^\s^]+)\^`)
	mdSpan   = regexp.MustCompile(`\[([^\[\]]+)\]\{\.(nocase|smallcaps)\}`)
	mdEscape = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
)

// readRich reads the markup of CSL in a text of a record. A tag without a partner and one that is none of CSL's is left out
// or shown as it is, so that the HTML is always balanced.
func readRich(s string, markdown bool) RichText {
	s = strings.Join(strings.Fields(s), " ")
	if markdown {
		s = markdownTags(s)
	}
	s = mathTag.ReplaceAllString(s, "")
	type open struct {
		name string // of the tag in the text
		at   int    // in out
	}
	var out []string // pieces of HTML; a tag stays "" until its partner is found
	var stack []open
	var text strings.Builder
	word := func(t string) {
		t = cslEntity.ReplaceAllStringFunc(t, html.UnescapeString)
		text.WriteString(t)
		out = append(out, Escape(t))
	}
	rich := false
	last := 0
	for _, m := range cslTag.FindAllStringSubmatchIndex(s, -1) {
		name, rest := strings.ToLower(s[m[4]:m[5]]), s[m[6]:m[7]]
		if name == "span" && m[2] == m[3] && !smallCaps.MatchString(rest) && !noCase.MatchString(rest) {
			continue
		}
		word(s[last:m[0]])
		last = m[1]
		if m[2] == m[3] {
			switch {
			case name == "span" && noCase.MatchString(rest):
				name = "nocase"
			case name == "span":
				name = "sc"
			}
			stack = append(stack, open{name, len(out)})
			out = append(out, "")
			continue
		}
		for i := len(stack) - 1; i >= 0; i-- {
			if o := stack[i]; o.name == name || name == "span" && (o.name == "nocase" || o.name == "sc") {
				if tag := cslTags[o.name]; tag != "" {
					rich = true
					out[o.at] = tag
					end, _, _ := strings.Cut(tag[1:], " ")
					out = append(out, "</"+strings.TrimSuffix(end, ">")+">")
				}
				stack = stack[:i]
				break
			}
		}
	}
	word(s[last:])
	r := RichText{Text: strings.TrimSpace(text.String())}
	if rich {
		r.HTML = strings.TrimSpace(strings.Join(out, ""))
	}
	return r
}

// cslTags are the tags as pages have them. What keeps its capitals in some styles needs none here, where no style is.
var cslTags = map[string]string{"i": "<i>", "em": "<i>", "b": "<b>", "strong": "<b>", "sub": "<sub>", "sup": "<sup>", "sc": `<span class="sc">`, "scp": `<span class="sc">`}

// markdownTags writes the markdown of a title as tags.
func markdownTags(s string) string {
	if !strings.ContainsAny(s, "*_~^\\[") {
		return s
	}
	// A character that is escaped stands for itself, also where it would be markup.
	const private = 0xE000
	s = mdEscape.ReplaceAllStringFunc(s, func(m string) string { return string(rune(private + int(m[1]))) })
	s = mdSpan.ReplaceAllStringFunc(s, func(m string) string {
		p := mdSpan.FindStringSubmatch(m)
		return map[string]string{"nocase": `<span class="nocase">`, "smallcaps": `<span class="smallcaps">`}[p[2]] + p[1] + "</span>"
	})
	s = mdBold.ReplaceAllString(s, "<b>$1</b>")
	s = mdItalic.ReplaceAllString(s, "<i>$1</i>")
	s = mdUnder.ReplaceAllString(s, "$1<i>$2</i>$3")
	s = mdSub.ReplaceAllString(s, "<sub>$1</sub>")
	s = mdSuper.ReplaceAllString(s, "<sup>$1</sup>")
	return strings.Map(func(r rune) rune {
		if r > private && r < private+0x80 {
			return r - private
		}
		return r
	}, s)
}
