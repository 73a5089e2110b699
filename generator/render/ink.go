package render

import (
	"bytes"
	"compress/zlib"
	"embed"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
	"golang.org/x/text/unicode/norm"
)

//go:embed fonts/*.ttf
var fontFiles embed.FS

// unitsPerEm is that of all our faces. Text is shaped at this size, where every measure is a whole number of the font's
// own units: so shaping does not depend on the size of the text, and no rounding differs between machines.
const unitsPerEm = 1000

// typeface is what one text is set in: the first face that has a letter draws it.
type typeface []*font.Font

// typefaces are read when the first picture is drawn.
var typefaces = sync.OnceValue(func() (t struct{ regular, bold typeface }) {
	read := func(name string) *font.Font {
		b, err := fontFiles.ReadFile("fonts/" + name + ".ttf")
		if err != nil {
			panic("render: " + err.Error()) // it is part of the program
		}
		f, err := font.ParseTTF(bytes.NewReader(b))
		if err != nil || f.Upem() != unitsPerEm {
			panic("render: the font " + name + " is not one of ours")
		}
		return f.Font
	}
	t.regular = typeface{read("serif"), read("naskh")}
	t.bold = typeface{read("serif-bold"), read("naskh-bold")}
	return t
})

// has says whether some face draws a character. What steers the text and is never seen needs no face.
func (t typeface) has(r rune) bool {
	if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) || unicode.Is(unicode.Variation_Selector, r) {
		return true
	}
	return slices.ContainsFunc(t, func(f *font.Font) bool { _, ok := f.NominalGlyph(r); return ok })
}

// legible is a text as it is drawn: without what our faces lack. Letters that no face has become an ellipsis, so that it is seen that
// something is missing; boxes in their place would say nothing more and look broken. Other signs, such as emoji, go
// without a trace. It is "" when less than half of the letters are left.
func legible(s string) string {
	t := typefaces().regular
	var b strings.Builder
	letters, lost, gap := 0, 0, false
	for _, r := range norm.NFC.String(s) {
		letter := unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)
		if letter {
			letters++
		}
		switch {
		case t.has(r):
			b.WriteRune(r)
			gap = false
		case letter:
			if lost++; !gap {
				b.WriteRune('…')
			}
			gap = true
		}
	}
	if lost*2 > letters {
		return ""
	}
	return hyphen.ReplaceAllString(strings.Join(strings.Fields(b.String()), " "), "$1-\u2060")
}

// hyphen finds the hyphens behind short parts, as in al-Sudani. A word joiner there keeps a line from ending.
var hyphen = regexp.MustCompile(`((?:^|[\s(])\pL{1,3})-`)

// ink draws on one canvas at a time. It keeps what it has drawn of letters, which a site's pictures share.
type ink struct {
	regular, bold faces
	rtl           bool              // whether lines start at the right
	lang          language.Language // of the text
	shaper        shaping.HarfbuzzShaper
	segmenter     shaping.Segmenter
	wrapper       shaping.LineWrapper
	raster        vector.Rasterizer
	masks         map[maskKey]*mask
	canvas        []byte // row by row as a PNG has them: a 0, then two pixels a byte
	packed        bytes.Buffer
	zip           *zlib.Writer
}

// inks are kept: no two pictures are drawn with one at a time, since faces are not safe for that.
var inks = sync.Pool{New: func() any {
	t := typefaces()
	k := &ink{regular: facesOf(t.regular), bold: facesOf(t.bold), masks: map[maskKey]*mask{}, canvas: make([]byte, rowBytes*posterHeight)}
	k.zip, _ = zlib.NewWriterLevel(&k.packed, zlib.BestSpeed) // there is this level
	return k
}}

// faces are the faces of a typeface for one ink.
type faces []*font.Face

func facesOf(t typeface) faces {
	var out faces
	for _, f := range t {
		out = append(out, font.NewFace(f))
	}
	return out
}

// ResolveFace returns the first face that has a character, as shaping asks for it.
func (f faces) ResolveFace(r rune) *font.Face {
	for _, face := range f {
		if _, ok := face.NominalGlyph(r); ok {
			return face
		}
	}
	return f[0]
}

// text is a shaped text, not yet cut into lines.
type text struct {
	runes []rune
	runs  []shaping.Output
	dots  shaping.Output // an ellipsis
	wide  int            // of the longest word, in 64ths of the font's units
}

// shape chooses the glyphs of a text and their order.
func (k *ink) shape(s string, f faces) *text {
	t := &text{runes: []rune(s)}
	in := shaping.Input{Text: t.runes, RunEnd: len(t.runes), Direction: k.direction(), Size: fixed.I(unitsPerEm), Language: k.lang}
	for _, run := range k.segmenter.Split(in, f) {
		t.runs = append(t.runs, k.shaper.Shape(run))
	}
	in.Text, in.RunEnd, in.Face, in.Script = []rune("…"), 1, f[0], language.Latin
	t.dots = k.shaper.Shape(in)
	words, _ := k.wrapper.WrapParagraphF(shaping.WrapConfig{Direction: k.direction(), BreakPolicy: shaping.Never, DisableTrailingWhitespaceTrim: true}, 1, t.runes, shaping.NewSliceIterator(t.runs))
	for _, word := range words {
		sum := 0
		for _, run := range word {
			sum += int(run.Advance)
		}
		t.wide = max(t.wide, sum)
	}
	return t
}

func (k *ink) direction() di.Direction {
	if k.rtl {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

// lines cuts a text into lines of at most a width in pixels, at a size in pixels. With a most, the last of these ends
// with an ellipsis when there is more text.
func (k *ink) lines(t *text, size, width, most int) []shaping.Line {
	c := shaping.WrapConfig{Direction: k.direction(), TruncateAfterLines: most, Truncator: t.dots, DisableTrailingWhitespaceTrim: true} // trimming would change the runs, which other widths need
	if word := t.wide * size / unitsPerEm >> 6; word < width*3/4 {
		c.BreakPolicy = shaping.Never // the ellipsis comes after a word, too; only what is all too long is cut inside
	}
	lines, _ := k.wrapper.WrapParagraphF(c, fixed.I(width*unitsPerEm/size), t.runes, shaping.NewSliceIterator(t.runs))
	out := make([]shaping.Line, len(lines))
	for i, l := range lines {
		out[i] = slices.Clone(l) // the wrapper's own, until it is asked again
	}
	return out
}

// set cuts a text into lines of about the same length, as few as there can be. It says no when even the most do not hold
// the whole text, and the last of them ends with an ellipsis, or when a word has no room on any and is cut.
func (k *ink) set(t *text, size, most int) (lines []shaping.Line, whole bool) {
	width := posterText
	n, word := len(k.lines(t, size, width, most+1)), t.wide*size/unitsPerEm>>6+1
	if n > most || word > width {
		return k.lines(t, size, width, most), false
	}
	for narrow := max(word, width/2); n > 1 && width-narrow > 16; {
		if mid := (narrow + width) / 2; len(k.lines(t, size, mid, n+1)) > n {
			narrow = mid
		} else {
			width = mid
		}
	}
	return k.lines(t, size, width, n), true
}

// seen calls f for every glyph of a line that takes room, from left to right. The blank at which a line was cut takes
// none.
func (t *text) seen(line shaping.Line, f func(run *shaping.Output, g *shaping.Glyph)) {
	isDots := func(run *shaping.Output) bool { return len(run.Glyphs) > 0 && &run.Glyphs[0] == &t.dots.Glyphs[0] }
	last := -1
	for i := range line {
		if run := &line[i]; !isDots(run) {
			last = max(last, run.Runes.Offset+run.Runes.Count-1)
		}
	}
	for at := range line {
		run := &line[slices.IndexFunc(line, func(o shaping.Output) bool { return o.VisualIndex == int32(at) })]
		for i := range run.Glyphs {
			if g := &run.Glyphs[i]; isDots(run) || g.TextIndex() != last || t.runes[last] != ' ' {
				f(run, g)
			}
		}
	}
}

// width is how wide a line is, in 64ths of a pixel.
func (t *text) width(line shaping.Line, size int) int {
	sum := 0
	t.seen(line, func(_ *shaping.Output, g *shaping.Glyph) { sum += int(g.Advance) })
	return sum * size / unitsPerEm
}

// draw puts a line on the canvas, on a baseline. It starts so far from the side where lines start.
func (k *ink) draw(t *text, line shaping.Line, size, start, baseline int, shades uint8) {
	x := start << 6
	if k.rtl {
		x = (posterWidth-start)<<6 - t.width(line, size)
	}
	pen := 0 // in 64ths of the font's units
	t.seen(line, func(run *shaping.Output, g *shaping.Glyph) {
		at := x + (pen+int(g.XOffset))*size/unitsPerEm + 8 // to the next quarter of a pixel
		up := (int(g.YOffset)*size/unitsPerEm + 32) >> 6
		pen += int(g.Advance)
		m := k.mask(maskKey{run.Face, g.GlyphID, uint16(size), uint8(at >> 4 & 3)})
		k.stamp(m, at>>6+m.left, baseline-up+m.top, shades)
	})
}

// mirrored is the left edge of a box that lies so far from the side where lines start.
func (k *ink) mirrored(start, width int) int {
	if k.rtl {
		return posterWidth - start - width
	}
	return start
}

// maskKey names a glyph as it falls on the pixels.
type maskKey struct {
	face    *font.Face
	glyph   font.GID
	size    uint16
	quarter uint8 // of a pixel, to the right
}

// mask says how much of each pixel a glyph covers, from 0 to inkShades.
type mask struct {
	left, top, width, height int
	cover                    []uint8
}

func (k *ink) mask(key maskKey) *mask {
	if m := k.masks[key]; m != nil {
		return m
	}
	m := k.cover(key)
	k.masks[key] = m
	return m
}

// steps is how many lines a curve is drawn with: at our sizes, more change no pixel by a shade.
const steps = 8

// cover draws a glyph. Every product is rounded to 32 bits before it is added to anything, as Go promises for a
// conversion, so that processors that could do both at once give the same picture. The rasteriser's own curves do not
// promise that, hence the lines.
func (k *ink) cover(key maskKey) *mask {
	outline, _ := key.face.GlyphDataOutline(key.glyph) // a blank has none
	type point struct{ x, y float32 }
	shift := float32(key.quarter) / 4
	place := func(p opentype.SegmentPoint) point {
		return point{float32(p.X*float32(key.size)/unitsPerEm) + shift, -float32(p.Y * float32(key.size) / unitsPerEm)}
	}
	lo, hi := point{1e6, 1e6}, point{-1e6, -1e6}
	for _, s := range outline.Segments {
		for _, a := range s.ArgsSlice() {
			p := place(a)
			lo, hi = point{min(lo.x, p.x), min(lo.y, p.y)}, point{max(hi.x, p.x), max(hi.y, p.y)}
		}
	}
	if lo.x > hi.x {
		return &mask{}
	}
	m := &mask{left: floor(lo.x), top: floor(lo.y)}
	m.width, m.height = floor(hi.x)+1-m.left, floor(hi.y)+1-m.top
	k.raster.Reset(m.width, m.height)
	var pen point
	to := func(p point) { k.raster.LineTo(p.x-float32(m.left), p.y-float32(m.top)); pen = p }
	for _, s := range outline.Segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			k.raster.ClosePath()
			pen = place(s.Args[0])
			k.raster.MoveTo(pen.x-float32(m.left), pen.y-float32(m.top))
		case opentype.SegmentOpLineTo:
			to(place(s.Args[0]))
		case opentype.SegmentOpQuadTo: // the only curves of our fonts
			a, b, c := pen, place(s.Args[0]), place(s.Args[1])
			mix := func(a, b, c float32, i int) float32 {
				t := float32(i) / steps
				u := 1 - t
				return float32(float32(u*u)*a) + float32(float32(2*u*t)*b) + float32(float32(t*t)*c)
			}
			for i := 1; i < steps; i++ {
				to(point{mix(a.x, b.x, c.x, i), mix(a.y, b.y, c.y, i)})
			}
			to(c)
		}
	}
	k.raster.ClosePath()
	alpha := image.NewAlpha(image.Rect(0, 0, m.width, m.height))
	k.raster.Draw(alpha, alpha.Rect, image.Opaque, image.Point{})
	m.cover = alpha.Pix
	for i, a := range m.cover {
		m.cover[i] = uint8((int(a)*inkShades + 127) / 255)
	}
	return m
}

func floor(f float32) int {
	n := int(f)
	if float32(n) > f {
		n--
	}
	return n
}

// stamp darkens the canvas where a mask covers it.
func (k *ink) stamp(m *mask, x, y int, shades uint8) {
	from, to := max(0, -x), min(m.width, posterWidth-x)
	for i := max(0, -y); i < min(m.height, posterHeight-y); i++ {
		row := k.canvas[(y+i)*rowBytes+1:]
		for j := from; j < to; j++ {
			c := m.cover[i*m.width+j]
			if c == 0 {
				continue
			}
			c += shades
			switch two := &row[(x+j)/2]; {
			case (x+j)%2 == 0 && c > *two>>4:
				*two = c<<4 | *two&15
			case (x+j)%2 == 1 && c > *two&15:
				*two = *two&0xf0 | c
			}
		}
	}
}

// fill draws a box in one shade. Its sides must be even.
func (k *ink) fill(x, y, width, height int, shade uint8) {
	for at := y; at < y+height; at++ {
		row := k.canvas[at*rowBytes+1:]
		for j := x / 2; j < (x+width)/2; j++ {
			row[j] = shade<<4 | shade
		}
	}
}

// A picture has 16 colours, 4 bits a pixel: the ground, as many shades of each of two inks, which is the last of them
// where it covers a pixel whole, and the accent. More shades cannot be told apart at our sizes, and take more bytes.
const (
	inkShades   = 7
	textInk     = 0 // what is added to a shade of it
	mutedInk    = inkShades
	accentShade = 15
	rowBytes    = 1 + posterWidth/2
)

// png writes the canvas and wipes it. The library's encoder asks an interface for the colour of each pixel, which takes
// ten times as long as everything else; the format around the compressed rows is four pieces.
func (k *ink) png(colours [16]color.RGBA) []byte {
	k.packed.Reset()
	k.zip.Reset(&k.packed)
	_, _ = k.zip.Write(k.canvas) // into memory
	_ = k.zip.Close()
	clear(k.canvas)

	out := make([]byte, 0, k.packed.Len()+200)
	out = append(out, "\x89PNG\r\n\x1a\n"...)
	piece := func(kind string, data []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		from := len(out)
		out = append(append(out, kind...), data...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
	}
	head := binary.BigEndian.AppendUint32(nil, posterWidth)
	head = binary.BigEndian.AppendUint32(head, posterHeight)
	piece("IHDR", append(head, 4, 3, 0, 0, 0)) // 4 bits a pixel, from a palette
	var palette []byte
	for _, c := range colours {
		palette = append(palette, c.R, c.G, c.B)
	}
	piece("PLTE", palette)
	piece("IDAT", k.packed.Bytes())
	piece("IEND", nil)
	return out
}
