package render

import (
	"slices"
	"strings"
	"testing"

	"gloss/generator/content"
)

// TestStyleFor keeps of a stylesheet what a page can use, and nothing else.
func TestStyleFor(t *testing.T) {
	page := `<html><body><p class="lead box sm:flex w-1/2">1 < 2</p><ul><li><a href="a>b" title='"' class=x>t</a></li></ul>` +
		`<svg><linearGradient/></svg><my-card></my-card><script>if(a<b&&c=="</p>)d="<table class='gone'>"</script><b CLASS='last'></b></body></html>`
	for _, c := range []struct{ name, css, want string }{
		{"what is there, and what is not", `p{margin:0}.box,.gone{color:red}.box>.gone{top:0}ul:not(.gone){left:0}table{a:b}.last{e:f}`, `p{margin:0}.box{color:red}ul:not(.gone){left:0}.last{e:f}`},
		{"groups", `@media print{.gone{x:y}.box{z:w}}@media(min-width:1px){table{a:b}}@supports (x:y){@container a (width>1px){.gone{a:b}p{c:d}}}`, `@media print{.box{z:w}}@supports(x:y){@container a (width>1px){p{c:d}}}`},
		{"a layer keeps its place", `@layer a,b;@layer b{.gone{x:y}}@layer c{.gone{x:y}p{a:b}}`, `@layer a,b;@layer b{}@layer c{p{a:b}}`},
		{"what a script makes", `.js-card{c:d}.js-card .gone{c:d}`, `.js-card{c:d}`},
		{"texts with signs of CSS", `a[href*=".x"]{e:f}a[title="x,y"]{color:red}@font-face{src:url("}.p")}p:before{content:"};{,"}i{a:b}`, `a[href*=".x"]{e:f}a[title="x,y"]{color:red}@font-face{src:url("}.p")}p:before{content:"};{,"}`},
		{"a property that holds a picture", `:root{--icon:url("data:image/svg+xml;utf8,<svg a='};{'/>");--used:1px}p{margin:var(--used)}`, `:root{--used:1px}p{margin:var(--used)}`},
		{"a property that another asks for", `:root{--a:var(--b);--b:1px;--c:var(--d);--d:2px}p{margin:var(--a,var(--x))}`, `:root{--a:var(--b);--b:1px}p{margin:var(--a,var(--x))}`},
		{"names with escapes", `.sm\:flex{a:b}.w-1\/2{a:b}.\73m\:flex{a:b}.sm\:gone{a:b}`, `.sm\:flex{a:b}.w-1\/2{a:b}.\73m\:flex{a:b}`},
		{"one of several", `:is(.gone,.box) b{a:b}:is(.gone,.lost) b{a:b}p:where(.gone){a:b}:has(.gone,.box){a:b}:has(>.gone){a:b}.x:is(:hover,.gone){a:b}:not(:is(.gone)){a:b}`, `:is(.gone,.box) b{a:b}:has(.gone,.box){a:b}.x:is(:hover,.gone){a:b}:not(:is(.gone)){a:b}`},
		{"nested rules stay together", `.box{a:b;&:hover{c:d}#id{e:f}> .gone{g:h}@media print{i:j}k:l}.gone{&:hover{a:b}}`, `.box{a:b;&:hover{c:d}#id{e:f}>.gone{g:h}@media print{i:j}k:l}`},
		{"a list that browsers may not understand whole", `.box::-moz-x,.gone{a:b}.gone::-moz-x{a:b}`, `.box::-moz-x,.gone{a:b}`},
		{"elements in any letters", `LI{a:b}linearGradient{a:b}my-card{a:b}my-gone{a:b}svg|a{a:b}*|p{a:b}`, `LI{a:b}linearGradient{a:b}my-card{a:b}svg|a{a:b}*|p{a:b}`},
		{"flags of attributes", `[title="X" i]{a:b}[ lang |= "en" ]{a:b}.gone[title]{a:b}`, `[title=X i]{a:b}[lang|=en]{a:b}`},
		{"what has no selector", `@charset "utf-8";@property --x{syntax:"*";inherits:false}@keyframes k{from{a:b}50.5%,to{a:b}}@page :first{margin:0}@font-face{unicode-range:U+26,U+80-FF}`, `@property --x{syntax:"*";inherits:false}@keyframes k{from{a:b}50.5%,to{a:b}}@page :first{margin:0}@font-face{unicode-range:U+26,U+80-FF}`},
		{"signs around the text", "\ufeff<!-- p/* x */{a:b} -->\r\n@media\r\nprint{p{a:b}}", `p{a:b}@media print{p{a:b}}`},
		{"the end of the element around it", `p:after{content:"</style><b>"}`, `p:after{content:"<\/style><b>"}`},
		{"importance", `p{color:red!important;color:BLUE ! important}`, `p{color:red!important;color:BLUE!important}`},
		{"from right to left", `[dir="rtl"] p{a:b}p{c:d}`, `p{c:d}`},
	} {
		s, _, found := readStyle(content.File{Name: Style, Text: []byte(c.css)})
		if got := s.styleFor([]byte(page), "", ""); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
		for _, f := range found {
			t.Errorf("%s: %s", c.name, f.Message)
		}
	}
}

// TestStyleOfScripts keeps what a script of the site names, since it may put that on any page.
func TestStyleOfScripts(t *testing.T) {
	p := ParseLayouts(LayoutInput{Files: []content.File{
		{Name: Style, Text: []byte(`:root{--a:1;--b:2}.open{a:b}.shut{a:b}dialog{a:b}canvas{a:b}`)},
		{Name: "static/menu.js", Text: []byte(`x.classList.add("open"); document.createElement('dialog')`)},
		{Name: "static/more.css", Text: []byte(`p{margin:var(--b)}`)},
	}})
	if got, want := p.Layouts.style.styleFor(nil, "", ""), ":root{--b:2}.open{a:b}dialog{a:b}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestStyleAddresses writes the addresses of the stylesheet as a page finds them.
func TestStyleAddresses(t *testing.T) {
	s, list, found := readStyle(content.File{Name: Style, Text: []byte(`@import "a.css" screen;@import url(b.css);@font-face{src:URL( 'fonts/x.ttf' ) format("truetype"),url(/y.woff2)}` +
		`p{background:image-set("i.png" 1x,url(j.png) 2x) , url(#id),url("data:,x");mask:url("?x");--x:url(k.png)}`)})
	want := `@import "../a.css" screen;@import url(../b.css);@font-face{src:url(../fonts/x.ttf)format("truetype"),url(../y.woff2)}` +
		`p{background:image-set("../i.png" 1x,url(../j.png) 2x),url(#id),url(data:,x);mask:url("?x");--x:url(../k.png)}`
	if got := s.styleFor([]byte("<p>"), "", "../"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var paths []string
	for _, a := range list {
		paths = append(paths, a.Path)
	}
	if want := strings.Fields("a.css b.css fonts/x.ttf y.woff2 i.png j.png k.png"); !slices.Equal(paths, want) {
		t.Errorf("got %v, want %v", paths, want)
	}
	for _, f := range found {
		t.Error(f.Message)
	}
}
