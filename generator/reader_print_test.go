package main

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/text/unicode/norm"

	"gloss/generator/build"
)

// readerPrint holds what comes out of a printer to the checklist.
func readerPrint(t *testing.T, r, f *reader, sites map[*reader]*build.Result) {
	for _, r := range []*reader{r, f} {
		r.sub(t, "079_printed", func(r *reader) {
			p := longest(sites[r])
			if !slices.Contains(chartPages(sites[r]), p) {
				p = chartPages(sites[r])[0]
			}
			r.visit(p, 1280)
			// The charts' numbers, the notes, the sources, and addresses of other sites, without blanks, which a printer sets anew.
			want := js[[]string](r, `[...m.all("aside.note > p"), ...m.all("figure.chart td"), ...m.all(".sources > ol > li > cite")].map(e => e.textContent).concat(m.all("main a[href^='http']").map(a => a.getAttribute("href"))).map(s => s.replace(/\s+/g, ""))`)
			menu := js[[]string](r, `[...m.all(".top nav a"), ...m.all(".foot nav a"), document.querySelector(".contents summary"), document.querySelector(".skip"), ...m.all(".js-tools button")].map(e => e.textContent.replace(/\s+/g, "")).filter(s => s.length > 9)`)
			if len(want) < 12 || len(menu) < 4 {
				r.Fatalf("only %d things to print, %d not to", len(want), len(menu))
			}
			r.media("", "prefers-color-scheme", "dark")
			pdf, err := chromedp.Call(r.ctx, page.PrintToPDF, page.PrintToPDFParams{PrintBackground: new(bool)})
			if err != nil {
				r.Fatal(err)
			}
			// A font may print two letters as one sign, such as ﬁ.
			printed := norm.NFKC.String(pdfText(pdf.Data))
			if len(printed) < 1000 {
				r.Fatalf("the text is lost: %q", printed)
			}
			for _, w := range want {
				if !strings.Contains(printed, norm.NFKC.String(w)) {
					r.Errorf("not printed: %q", w)
				}
			}
			for _, w := range menu {
				if strings.Contains(printed, w) {
					r.Errorf("printed: %q", w)
				}
			}
			// Dark words on a light ground, whatever the system prefers.
			r.media("print", "prefers-color-scheme", "dark")
			r.none(p, `m.ratio(m.behind(document.body), m.rgba("white")) > 1.1 ? ["the ground is " + m.behind(document.body)] : m.contrasts(document.body, () => 4.5)`)
			r.media("")
		})
	}
}

var (
	pdfObject  = regexp.MustCompile(`(?s)(\d+) 0 obj\b(.*?)endobj`)
	pdfStream  = regexp.MustCompile(`(?s)^(.*?)stream\r?\n(.*)\r?\nendstream`)
	pdfFont    = regexp.MustCompile(`/(F\d+) (\d+) 0 R`)
	pdfUnicode = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	pdfChars   = regexp.MustCompile(`(?s)begin(bfchar|bfrange)(.*?)endbf`)
	pdfWords   = regexp.MustCompile(`/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>`)
	pdfHex     = regexp.MustCompile(`<([0-9A-Fa-f]+)>`)
)

// pdfText reads the words of a PDF as this browser writes one: fonts with a table from glyphs to characters, strings in
// hexadecimal digits. All blanks are left out.
func pdfText(pdf []byte) string {
	bodies, streams := map[string]string{}, map[string]string{}
	var order []string
	for _, m := range pdfObject.FindAllSubmatch(pdf, -1) {
		id := string(m[1])
		order = append(order, id)
		bodies[id] = string(m[2])
		if s := pdfStream.FindSubmatch(m[2]); s != nil {
			bodies[id], streams[id] = string(s[1]), string(s[2])
			if strings.Contains(bodies[id], "FlateDecode") {
				if z, err := zlib.NewReader(bytes.NewReader(s[2])); err == nil {
					text, _ := io.ReadAll(z)
					streams[id] = string(text)
				}
			}
		}
	}
	glyphs := map[string]map[int]string{} // by the font's object
	for id, body := range bodies {
		m := pdfUnicode.FindStringSubmatch(body)
		if m == nil {
			continue
		}
		table := map[int]string{}
		for _, part := range pdfChars.FindAllStringSubmatch(streams[m[1]], -1) {
			for _, l := range strings.Split(part[2], "\n") {
				var n []string
				for _, h := range pdfHex.FindAllStringSubmatch(l, -1) {
					n = append(n, h[1])
				}
				switch {
				case part[1] == "bfchar" && len(n) == 2:
					table[hex(n[0])] = utf16Text(n[1], 0)
				case part[1] == "bfrange" && len(n) == 3:
					for c := hex(n[0]); c <= hex(n[1]); c++ {
						table[c] = utf16Text(n[2], c-hex(n[0]))
					}
				}
			}
		}
		glyphs[id] = table
	}
	fonts := map[string]map[int]string{}
	for _, body := range bodies {
		for _, m := range pdfFont.FindAllStringSubmatch(body, -1) {
			if g := glyphs[m[2]]; g != nil {
				fonts[m[1]] = g
			}
		}
	}
	var out strings.Builder
	for _, id := range order {
		s := streams[id]
		if !strings.Contains(s, " Tf") {
			continue
		}
		var font map[int]string
		for _, m := range pdfWords.FindAllStringSubmatch(s, -1) {
			if m[1] != "" {
				font = fonts[m[1]]
				continue
			}
			for i := 0; i+4 <= len(m[2]); i += 4 {
				out.WriteString(font[hex(m[2][i:i+4])])
			}
		}
	}
	return strings.Join(strings.Fields(out.String()), "")
}

func hex(s string) int {
	n, _ := strconv.ParseInt(s, 16, 64)
	return int(n)
}

// utf16Text reads characters as a PDF writes them, the last one moved on by some.
func utf16Text(s string, by int) string {
	var units []uint16
	for i := 0; i+4 <= len(s); i += 4 {
		units = append(units, uint16(hex(s[i:i+4])))
	}
	if len(units) > 0 {
		units[len(units)-1] += uint16(by)
	}
	return string(utf16.Decode(units))
}
