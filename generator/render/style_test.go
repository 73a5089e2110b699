package render

import "testing"

// TestStyleFor keeps of a stylesheet what a page can use, and nothing else.
func TestStyleFor(t *testing.T) {
	css := `:root{--a:1}p{margin:0}.box,.gone{color:red}.box>.gone{top:0}ul:not(.gone){left:0}@media print{.gone{x:y}.box{z:w}}@media(min-width:1px){table{a:b}}.js-card{c:d}a[href*=".x"]{e:f}@font-face{src:url("}.p")}`
	page := `<html><body><p class="lead box">1 < 2</p><ul><li><a href="a>b" class="x">t</a></li></ul></body></html>`
	want := `:root{--a:1}p{margin:0}.box{color:red}ul:not(.gone){left:0}@media print{.box{z:w}}.js-card{c:d}a[href*=".x"]{e:f}@font-face{src:url("}.p")}`
	sheet := parseSheet(css)
	if got := sheet.styleFor([]byte(page)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
