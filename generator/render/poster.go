package render

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"image/color"
	"strconv"
	"strings"

	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"

	"gloss/generator/site"
)

// PosterFolder is where in the output the posters are.
const PosterFolder = "_x/og/"

// A poster is 1200 by 630 pixels, as those ask for it who show links.
const posterWidth, posterHeight = 1200, 630

// posterLook must be raised when posters are drawn in another way, since whoever has a poster by its name does not draw
// or fetch it again.
const posterLook = 1

// PosterName is the path of a poster in the output, or "" when there is none: no title, or one in letters that we have
// no face for. It is made of all that the poster shows, so that two files of one name are one picture.
func PosterName(p site.PosterView) string {
	if legible(p.Title) == "" {
		return ""
	}
	b := binary.AppendUvarint(nil, posterLook)
	for _, s := range []string{p.Title, p.Text, p.Number, p.Label, p.Date, p.Site, p.Language, p.Dir, p.Accent} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	sum := sha256.Sum256(b)
	return PosterFolder + hex.EncodeToString(sum[:8]) + ".png"
}

// The measures of a poster, in pixels. The bar is the answer's, three times as large as on a page.
const (
	posterMargin = 80
	posterBar    = 12
	posterStart  = posterMargin + posterBar + 36 // of the text
	posterText   = posterWidth - posterMargin - posterStart
	posterTop    = 56
	posterFloor  = 510 // only the foot stands below
	posterFoot   = 560 // the foot's baseline
	textSize     = 36
	footSize     = 30
)

// Sizes are tried from the largest. Of a title the first is taken at which it has few lines and everything has room, of a
// number that at which it stands on one.
var (
	titleSizes  = []int{84, 76, 68, 60, 52}
	numberSizes = []int{136, 112, 92, 76}
)

// DrawPoster draws a poster as a PNG. The same poster is the same bytes.
func DrawPoster(p site.PosterView) []byte {
	k := inks.Get().(*ink)
	defer inks.Put(k)
	k.rtl = p.Dir == "rtl"
	k.lang = language.NewLanguage(p.Language)
	leading := func(size int) int {
		if k.rtl { // Naskh reaches further up and down
			return size * 29 / 20
		}
		return size * 6 / 5
	}

	// What stands below the title.
	type paragraph struct {
		text               *text
		lines              []shaping.Line
		size, leading, gap int
		ink                uint8
	}
	var below []paragraph
	add := func(s string, f faces, size, leading, most, gap int, ink uint8) {
		if s = legible(s); s != "" {
			t := k.shape(s, f)
			lines, _ := k.set(t, size, most)
			below = append(below, paragraph{t, lines, size, leading, gap, ink})
		}
	}
	sizes := titleSizes
	if p.Number != "" {
		sizes = titleSizes[len(titleSizes)-2:] // the number is the largest
		size := numberSizes[0]
		for _, size = range numberSizes {
			if len(k.lines(k.shape(legible(p.Number), k.bold), size, posterText, 0)) == 1 {
				break
			}
		}
		add(p.Number, k.bold, size, leading(size), 2, 12, textInk)
		add(p.Label, k.regular, textSize, textSize*7/5, 2, 8, mutedInk)
	} else {
		add(p.Text, k.regular, textSize, max(leading(textSize), textSize*7/5), 3, 24, textInk)
	}
	height := 0
	for _, b := range below {
		height += b.gap + len(b.lines)*b.leading
	}

	// The title, as large as it may be.
	title := paragraph{text: k.shape(legible(p.Title), k.bold), ink: textInk}
	for i, size := range sizes {
		most := 3
		if i == len(sizes)-1 {
			most = 4
		}
		title.size, title.leading = size, leading(size)
		most = max(1, min(most, (posterFloor-posterTop-height)/title.leading))
		var whole bool
		if title.lines, whole = k.set(title.text, size, most); whole {
			break
		}
	}
	height += len(title.lines) * title.leading

	// All of it stands in the middle of the room above the foot, beside the bar.
	y := posterTop + max(0, posterFloor-posterTop-height)/2
	k.fill(k.mirrored(posterMargin, posterBar), y, posterBar, height, accentShade)
	for _, b := range append([]paragraph{title}, below...) {
		y += b.gap
		for _, l := range b.lines {
			// Capitals, which are two thirds of the size high, stand in the middle of their line.
			k.draw(b.text, l, b.size, posterStart, y+(b.leading*3+b.size*2)/6, b.ink)
			y += b.leading
		}
	}

	// The foot: the site at the start of the line, the date at its end.
	room := posterWidth - 2*posterMargin
	if s := legible(p.Date); s != "" {
		t := k.shape(s, k.regular)
		l := k.lines(t, footSize, room/2, 1)[0]
		at := posterMargin
		if w := t.width(l, footSize)>>6 + 1; p.Site != "" {
			at = posterWidth - posterMargin - w
			room -= w + footSize
		}
		k.draw(t, l, footSize, at, posterFoot, mutedInk)
	}
	if s := legible(p.Site); s != "" {
		t := k.shape(s, k.regular)
		k.draw(t, k.lines(t, footSize, room, 1)[0], footSize, posterMargin, posterFoot, mutedInk)
	}
	return k.png(posterColours(p.Accent))
}

// posterColours are those of a page in daylight, as programs that show posters ask for no others: the ground, the shades
// of the ink on it, and the accent.
func posterColours(accent string) (out [16]color.RGBA) {
	ground := rgb("#fdfcf9")
	for ink, full := range map[int]color.RGBA{textInk: rgb("#1b1b1a"), mutedInk: rgb("#4f4d48")} {
		for i := 1; i <= inkShades; i++ {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(inkShades-i) + int(b)*i + inkShades/2) / inkShades) }
			out[ink+i] = color.RGBA{mix(ground.R, full.R), mix(ground.G, full.G), mix(ground.B, full.B), 255}
		}
	}
	out[0] = ground
	out[accentShade] = rgb(cmp.Or(accent, "#7d350f"))
	return out
}

// rgb reads a colour as the configuration allows it: #rgb or #rrggbb.
func rgb(c string) color.RGBA {
	c = strings.TrimPrefix(c, "#")
	if len(c) == 3 {
		c = string([]byte{c[0], c[0], c[1], c[1], c[2], c[2]})
	}
	n, _ := strconv.ParseUint(c, 16, 32) // checked when the configuration is read
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}
