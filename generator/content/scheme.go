package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gloss/generator/diag"
)

// scheme is the scheme of a URL (RFC 3986 section 3.1).
var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// active are schemes that can run code or read files; they never reach output.
var active = map[string]bool{"javascript": true, "vbscript": true, "livescript": true, "mocha": true, "data": true, "file": true, "filesystem": true, "blob": true, "jar": true, "view-source": true, "about": true}

// recordSchemes are the schemes of our own: links to records.
var recordSchemes = []string{"fact", "event", "claim"}

// opened are the schemes that browsers open, themselves or with another program: http, https, and the safelisted schemes
// of the HTML Standard, section "Custom scheme handlers: the registerProtocolHandler() method".
var opened = strings.Fields("http https bitcoin ftp ftps geo im irc ircs magnet mailto matrix mms news nntp openpgp4fpr sftp sip sms smsto ssh tel urn webcal wtai xmpp")

// ownPrograms are schemes of programs that only the writer may have.
var ownPrograms = map[string]string{"obsidian": "Obsidian", "zotero": "Zotero", "vscode": "VS Code", "notion": "Notion", "logseq": "Logseq", "onenote": "OneNote",
	"ms-word": "Word", "ms-excel": "Excel", "ms-powerpoint": "PowerPoint", "slack": "Slack", "msteams": "Teams", "evernote": "Evernote", "things": "Things", "message": "a mail program", "mid": "a mail program"}

// pageWords are what people write before the name of a page.
var pageWords = strings.Fields("term terms who page note section person place")

// schemeOf returns the scheme of a destination as a browser reads it: control characters and blanks do not count.
func schemeOf(dest string) string {
	dest = strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, dest)
	return strings.ToLower(strings.TrimSuffix(scheme.FindString(dest), ":"))
}

// judgeScheme reports the address of a link whose scheme is none that readers can open. span is the whole link.
func (b *builder) judgeScheme(dest string, span diag.Span) {
	sch := schemeOf(dest)
	rest := dest[strings.IndexByte(dest, ':')+1:]
	if sch == "http" || sch == "https" {
		if !strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "///") {
			b.add("broken-link", span, fmt.Sprintf("write %s://%s", sch, strings.TrimLeft(rest, "/")), "%q is no web address: two slashes follow %s:", dest, sch)
		}
		return
	}
	if slices.Contains(opened, sch) {
		return
	}
	hint := "link to a page, a file of the site, or a web address"
	likely := slices.Concat(recordSchemes, opened)
	if strings.HasPrefix(rest, "//") {
		likely = []string{"http", "https"}
	}
	if near := diag.Suggest(sch, likely); len(sch) > 2 && near != "" && ownPrograms[sch] == "" {
		hint = fmt.Sprintf("did you mean %s:%s?", near, rest)
		if (near == "http" || near == "https") && !strings.HasPrefix(rest, "//") {
			hint = fmt.Sprintf("did you mean %s://%s?", near, strings.TrimLeft(rest, "/"))
		}
		b.add("unknown-scheme", span, hint, "no browser opens %q", sch+":")
		return
	}
	switch {
	case len(sch) == 1:
		b.add("unknown-scheme", span, "put the file into content/ and link to it by its name there", "\"%s\" is a file on your own disk, which no reader has", dest)
		return
	case ownPrograms[sch] != "":
		b.add("unknown-scheme", span, hint, "%q opens %s on your own machine, and nothing for readers", sch+":", ownPrograms[sch])
		return
	case sch == "doi":
		hint = "write https://doi.org/" + strings.TrimLeft(rest, "/ ")
	case sch == "cite" || sch == "source" || sch == "sources":
		hint = fmt.Sprintf("cite a source with [@%s]", rest)
	case slices.Contains(pageWords, sch):
		hint = fmt.Sprintf("link to a page with [[%s]]", rest)
	case strings.Contains(sch, "."): // example.org:8080/x
		hint = fmt.Sprintf("did you mean https://%s?", dest)
	case sch == "localhost":
		hint = "link to the page by its file name, or to the published address"
	}
	b.add("unknown-scheme", span, hint, "no browser opens %q", sch+":")
}

// smallLetters reports a scheme of ours that is written with capitals, with the fix.
func (b *builder) smallLetters(dest string, span diag.Span) {
	word, _, _ := strings.Cut(dest, ":")
	small := strings.ToLower(word)
	if word == small {
		return
	}
	b.add("unknown-scheme", span, "write "+small+": in small letters, or run check --fix", "%q is written with a capital letter", word+":")
	if i := strings.LastIndex(string(b.file.Text[span.Start:span.End]), word+":"); i >= 0 {
		at := diag.Span{File: span.File, Start: span.Start + i, End: span.Start + i + len(word)}
		b.out[len(b.out)-1].Fixes = []diag.Fix{{Span: at, Text: small}}
	}
}
