package render

import (
	"cmp"
	"html"
	"html/template"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"gloss/generator/site"
)

// chartCSS is what the drawings and the bar tables need of a style sheet. It takes --bg, --muted, --rule and --sans from
// the page where it has them. Series text is never coloured, because the series colours only promise 3:1.
const chartCSS = `.s1{--c:light-dark(#08476c,#a6dcff)}
.s2{--c:light-dark(#8f3200,#d0652a)}
.s3{--c:light-dark(#189f86,#2a8c79)}
.s4{--c:light-dark(#c231ab,#b765e6)}
.s5{--c:light-dark(#bb8300,#ffe873)}
@media (forced-colors:active){.s1,.s2,.s3,.s4,.s5{--c:CanvasText}.chart{--muted:CanvasText;--rule:GrayText;--bg:Canvas}}
.chart{container:chart/inline-size;margin-inline:0;font:.9375rem/1.45 var(--sans);print-color-adjust:exact}
.chart-title,.chart-sub{display:block}
.chart-title{font:700 1.125rem/1.25 var(--sans);margin-block:0;text-align:start;text-wrap:balance}
.chart-sub{font-size:.9375rem;font-weight:400;color:var(--muted);margin-block:.25rem 0;text-align:start}
.chart .draw{margin-block:.875rem .5rem}
.draw svg{display:block;overflow:visible;inline-size:100%;block-size:auto;font-family:var(--sans);font-variant-numeric:tabular-nums}
.draw .for-wide{display:none;max-inline-size:45rem}
.draw .for-narrow{max-inline-size:26rem}
.draw .grid{stroke:var(--rule)}
.draw .axis,.draw .evt{stroke:var(--muted)}
.draw .tick,.draw .quiet{fill:var(--muted)}
.draw .disc,.draw .hollow{fill:var(--bg)}
.draw .halo{stroke:var(--bg);stroke-width:4;stroke-linejoin:round;paint-order:stroke}
.draw .line{stroke:var(--c)}
.draw .mark{fill:var(--c);stroke:var(--c)}
.draw .hollow{stroke:var(--c)}
.draw .band{fill:var(--c)}
.chart-events{margin-block:.25rem .5rem;padding-inline-start:1.5rem}
.chart-foot{color:var(--muted);margin-block-start:.5rem}
.chart-foot p{margin-block:0 .25rem}
.bars{inline-size:100%;border-collapse:collapse;margin-block:0}
.bars caption{padding:0;padding-block-end:.75rem;text-align:start}
.bars tr{display:block;margin-block-end:.5rem}
.bars th,.bars td{display:block;padding:0;border:0;text-align:start;font-weight:400}
.bars small{font-size:.8125rem;color:var(--muted);flex-basis:100%}
.bars td a{white-space:nowrap;min-inline-size:1.5rem}
.bars .group{font-weight:700}
.bars td{display:flex;flex-wrap:wrap;align-items:center;gap:0 .5rem;min-block-size:1.5rem;border-inline-start:1px solid var(--muted);font-variant-numeric:tabular-nums;line-height:1.2}
.bars td::before{content:"";flex:none;block-size:1.125rem;inline-size:calc((100% - 8rem)*var(--v,0));background:var(--c);forced-color-adjust:none}
.chart .scroll{overflow-x:auto}
@container chart (inline-size>=35rem){.draw .for-wide{display:block}.draw .for-narrow{display:none}
.bars tr{display:flex;align-items:center;gap:.75rem;margin-block-end:.375rem}.bars th{flex:0 0 32%;text-align:end}.bars .group{flex:1;text-align:start;padding-block-start:.5rem}.bars td{flex:1}.bars td::before{inline-size:calc((100% - 9rem)*var(--v,0))}}
@media print{.chart{break-inside:avoid}}
`

// The sizes of a drawing. All text has one size: 14 units stay above 12 CSS pixels both where a phone of 320 pixels
// leaves 280 for the narrow drawing and where the wide one is shown 35rem wide, the least that chartCSS gives it.
const (
	fontSize   = 14.0
	lineHeight = 17.0
	wideWidth  = 640.0
	slimWidth  = 320.0
	discRadius = 10.0 // of an event's number
)

// The colours of a drawing where no style sheet reaches it.
const (
	mutedColour = "#4f4d48"
	ruleColour  = "#cfc8b8"
	haloStyle   = ` stroke-width="4" stroke-linejoin="round" paint-order="stroke"`
	pageColour  = "#fdfcf9"
)

// The words that a drawing or its description needs besides the author's.
const (
	wordIn         = "in"
	wordOn         = "on"
	wordRose       = "rose from"
	wordFell       = "fell from"
	wordTo         = "to"
	wordThenFell   = "then fell to"
	wordThenRose   = "then rose to"
	wordStayed     = "stayed at"
	wordFrom       = "from"
	wordHighest    = "highest"
	wordMore       = "and %d more"
	wordNoNumbers  = "No numbers to draw"
	wordAxisStarts = "The axis starts at %s, not at 0"
	wordMonths     = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
)

// chartSVG draws a line, step, range or dot chart, 640 units wide for the size "wide" and 320 for "narrow". Charts with
// categories instead of dates become rows when they are ranges or dots. More than five series become small multiples.
// Events are numbered in the order of c.Events. The same chart always gives the same bytes.
func chartSVG(c site.ChartView, size string) template.HTML {
	d := &drawing{width: wideWidth, wide: true}
	if size != "wide" {
		size, d.width, d.wide = "narrow", slimWidth, false
	}
	c.Series = usable(c)
	switch {
	case len(c.Series) == 0:
		d.text(0, lineHeight, "start", "tick", wordNoNumbers)
		d.height = 1.5 * lineHeight
	case !c.Time && c.Type != "line" && c.Type != "step":
		d.rows(c)
	case len(c.Series) > 5:
		d.multiples(c)
	default:
		d.panel(c, panel{left: 0, right: d.width, ticks: true, labels: true})
	}

	id := c.ID
	if id == "" {
		id = "chart"
	}
	id = html.EscapeString(id + "-" + size)
	var b strings.Builder
	b.WriteString(`<svg class="for-` + size + `" viewBox="0 0 ` + num(d.width) + " " + num(math.Ceil(d.height)) +
		`" role="img" aria-labelledby="` + id + "-t " + id + `-d" font-family="sans-serif" font-size="` + num(fontSize) + `" direction="ltr">`)
	b.WriteString(`<title id="` + id + `-t">` + html.EscapeString(untagged(string(c.Title))) + "</title>")
	b.WriteString(`<desc id="` + id + `-d">` + html.EscapeString(chartAlt(c)) + "</desc>")
	for _, l := range []*strings.Builder{&d.back, &d.lines, &d.front} {
		b.WriteString(joinPaths(l.String()))
	}
	b.WriteString("</svg>\n")
	return template.HTML(b.String())
}

// chartAlt describes a chart in a sentence: the author's words, or else first, highest and last value of every line,
// and label and value of every category.
func chartAlt(c site.ChartView) string {
	if c.Alt != "" {
		return c.Alt
	}
	var sentences []string
	for _, s := range usable(c) {
		ps := slices.DeleteFunc(slices.Clone(s.Points), func(p site.Point) bool { return p.Missing })
		if len(ps) == 0 {
			continue
		}
		said := ""
		if c.Time {
			said = course(c, ps)
		} else {
			var items []string
			for i, p := range ps {
				if i == 12 {
					items = append(items, strings.Replace(wordMore, "%d", strconv.Itoa(len(ps)-i), 1))
					break
				}
				items = append(items, strings.TrimPrefix(p.Label+": "+textOf(c, p), ": "))
			}
			said = strings.Join(items, "; ")
		}
		if s.Name != "" {
			said = s.Name + ": " + said
		}
		r := []rune(said)
		r[0] = unicode.ToUpper(r[0])
		sentences = append(sentences, string(r)+".")
	}
	if len(sentences) == 0 {
		return wordNoNumbers + "."
	}
	return strings.Join(sentences, " ")
}

// course tells how the values went over time.
func course(c site.ChartView, ps []site.Point) string {
	at := func(p site.Point) string {
		w := wordIn
		if len(p.ISO) == len("2020-01-03") {
			w = wordOn
		}
		if p.Label == "" {
			return textOf(c, p)
		}
		return textOf(c, p) + " " + w + " " + p.Label
	}
	first, last := ps[0], ps[len(ps)-1]
	high := slices.MaxFunc(ps, func(a, b site.Point) int { return cmp.Compare(peak(c, a), peak(c, b)) })
	low := slices.MinFunc(ps, func(a, b site.Point) int { return cmp.Compare(peak(c, a), peak(c, b)) })
	f, l, h, lo := peak(c, first), peak(c, last), peak(c, high), peak(c, low)
	switch {
	case len(ps) == 1:
		return at(first)
	case c.Type == "range":
		// Of ranges nobody can say that they rose or fell.
		s := wordFrom + " " + at(first) + " " + wordTo + " " + at(last)
		if h > f && h > l {
			s += "; " + wordHighest + " " + at(high)
		}
		return s
	case h == lo:
		return wordStayed + " " + textOf(c, first) + " " + wordFrom + " " + first.Label + " " + wordTo + " " + last.Label
	case h == l && h > f:
		return wordRose + " " + at(first) + " " + wordTo + " " + at(last)
	case h > f:
		return wordRose + " " + at(first) + " " + wordTo + " " + at(high) + ", " + wordThenFell + " " + at(last)
	case lo == l:
		return wordFell + " " + at(first) + " " + wordTo + " " + at(last)
	}
	return wordFell + " " + at(first) + " " + wordTo + " " + at(low) + ", " + wordThenRose + " " + at(last)
}

// barClass returns the class that gives a bar its length: its share of the chart's largest value in whole per cent.
// Bars start at 0, so a value below 0 has none.
func barClass(c site.ChartView, p site.Point) string {
	largest := 0.0
	for _, s := range c.Series {
		for _, q := range s.Points {
			if !q.Missing && finite(q.Y) {
				largest = max(largest, q.Y)
			}
		}
	}
	if largest == 0 || p.Missing || !finite(p.Y) || p.Y < 0 {
		return "v0"
	}
	return "v" + strconv.Itoa(int(math.Round(min(p.Y/largest, 1)*100)))
}

// chartRules returns the CSS rules behind the classes of barClass that the bar charts among parts use.
func chartRules(parts []site.Part) string {
	used := map[int]bool{}
	for _, part := range parts {
		if part.Chart == nil || part.Chart.Type != "bar" {
			continue
		}
		for _, s := range part.Chart.Series {
			for _, p := range s.Points {
				n, _ := strconv.Atoi(barClass(*part.Chart, p)[1:])
				used[n] = true
			}
		}
	}
	var b strings.Builder
	for _, n := range slices.Sorted(maps.Keys(used)) {
		b.WriteString(".v" + strconv.Itoa(n) + "{--v:" + strings.Replace(strconv.FormatFloat(float64(n)/100, 'f', -1, 64), "0.", ".", 1) + "}")
	}
	return b.String()
}

// usable returns the series that have a number to draw, in order of x, with everything that is not a number made a gap.
// The same category has the same x in every series.
func usable(c site.ChartView) []site.Series {
	var out []site.Series
	places := map[string]float64{}
	for _, s := range c.Series {
		ps := slices.DeleteFunc(slices.Clone(s.Points), func(p site.Point) bool { return !onAxis(c, p.X) })
		for i := range ps {
			if c.Time || ps[i].Label == "" {
				continue
			}
			if _, ok := places[ps[i].Label]; !ok {
				places[ps[i].Label] = float64(len(places))
			}
			ps[i].X = places[ps[i].Label]
		}
		some := false
		for i := range ps {
			p := &ps[i]
			if !finite(p.Y) || !finite(p.Low) || !finite(p.High) {
				p.Missing = true
			}
			if p.Missing {
				p.Y, p.Low, p.High = 0, 0, 0
			} else if c.Type == "range" && p.Low == 0 && p.High == 0 {
				p.Low, p.High = p.Y, p.Y
			}
			if p.Low > p.High {
				p.Low, p.High = p.High, p.Low
			}
			some = some || !p.Missing
		}
		if !some {
			continue
		}
		slices.SortStableFunc(ps, func(a, b site.Point) int { return cmp.Compare(a.X, b.X) })
		s.Points = ps
		out = append(out, s)
	}
	return out
}

// finite reports whether a number can be drawn. Beyond 1e100 sums and differences could overflow.
func finite(v float64) bool { return math.Abs(v) <= 1e100 }

// onAxis reports whether x has a place: of years, only what people write about.
func onAxis(c site.ChartView, x float64) bool { return finite(x) && !(c.Time && math.Abs(x) > 1e5) }

// ranged reports whether a point is drawn as a range.
func ranged(c site.ChartView, p site.Point) bool { return c.Type == "range" || p.Low < p.High }

// peak is the value by which a point counts as high or low.
func peak(c site.ChartView, p site.Point) float64 {
	if c.Type == "range" {
		return p.High
	}
	return p.Y
}

// textOf is a point's value in words.
func textOf(c site.ChartView, p site.Point) string {
	switch {
	case p.Text != "":
		return p.Text
	case c.Type == "range" && p.Low < p.High:
		return grouped(c, p.Low) + "–" + grouped(c, p.High)
	case c.Type == "range":
		return grouped(c, p.High)
	}
	return grouped(c, p.Y)
}

// drawing collects the pieces of an SVG in three layers and remembers where text stands.
type drawing struct {
	width, height      float64
	wide               bool
	back, lines, front strings.Builder
	texts              []box
	ink                []spot // what text should keep off
	poles              []spot // what text should keep off if it can
	points             []spot // where values are
}

// panel is the place of one pair of axes.
type panel struct {
	left, right, top float64
	name             string  // printed above, in small multiples
	ticks            bool    // y ticks have their labels
	labels           bool    // lines and values have theirs
	lines            int     // of the longest name
	gutter           float64 // room for the y labels, when shared by several panels
	of               []site.Series
}

type spot struct{ x, y float64 }

type box struct{ x0, y0, x1, y1 float64 }

func (b box) hits(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

func (b box) grow(by float64) box { return box{b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by} }

// from is the distance of a spot from the box.
func (b box) from(s spot) float64 {
	return math.Hypot(max(b.x0-s.x, 0, s.x-b.x1), max(b.y0-s.y, 0, s.y-b.y1))
}

func (b box) within(o box) bool { return b.x0 >= o.x0 && b.y0 >= o.y0 && b.x1 <= o.x1 && b.y1 <= o.y1 }

// frame is a panel's plane: where x and y of the data lie in the drawing.
type frame struct {
	left, right, top, bottom float64
	x0, x1, y0, y1           float64 // of the data
}

func (f frame) x(v float64) float64 { return f.left + (v-f.x0)/(f.x1-f.x0)*(f.right-f.left) }

func (f frame) y(v float64) float64 { return f.bottom - (v-f.y0)/(f.y1-f.y0)*(f.bottom-f.top) }

// panel draws a chart with time or categories along x, and sets the drawing's height.
func (d *drawing) panel(c site.ChartView, p panel) {
	// What the axes cover.
	f := frame{x0: math.Inf(1), x1: math.Inf(-1)}
	lo, hi := math.Inf(1), math.Inf(-1)
	if p.of == nil {
		p.of = c.Series
	}
	precision := -1              // the length that all dates share: 4 for years, 7 for months
	for _, s := range c.Series { // of all panels, so that they can be compared
		for _, q := range s.Points {
			if precision < 0 {
				precision = len(q.ISO)
			} else if precision != len(q.ISO) {
				precision = 0
			}
			f.x0, f.x1 = min(f.x0, q.X), max(f.x1, q.X)
			if q.Missing {
				continue
			}
			if c.Type != "range" {
				lo, hi = min(lo, q.Y), max(hi, q.Y)
			}
			if ranged(c, q) {
				lo, hi = min(lo, q.Low), max(hi, q.High)
			}
		}
	}
	var events []pole
	if c.Time {
		for i, e := range c.Events {
			if onAxis(c, e.X) {
				f.x0, f.x1 = min(f.x0, e.X), max(f.x1, e.X)
				events = append(events, pole{number: i + 1, title: e.Title, x: e.X})
			}
		}
	}
	switch {
	case !c.Time:
		f.x0, f.x1 = f.x0-.5, f.x1+.5
	case c.Type == "range" || c.Type == "dot":
		pad := (f.x1 - f.x0) * .025
		f.x0, f.x1 = f.x0-pad, f.x1+pad
	case f.x1-f.x0 >= 5 && precision != len("2020"):
		f.x0 = math.Floor(f.x0)
	}
	if f.x1-f.x0 < 1e-6*max(1, math.Abs(f.x0)) {
		f.x0, f.x1 = f.x0-1, f.x1+1
	}
	// A line whose values differ little would be flat from 0: it may start above, and says so.
	raised := c.Type == "line" && lo > 0 && hi-lo < .15*hi && hi-lo > 1e-6*hi
	if !raised {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	wanted := 5
	if !d.wide || p.name != "" {
		wanted = 4
	}
	ticks, labels, scale := valueTicks(c, lo, hi, wanted)
	f.y0, f.y1 = ticks[0], ticks[len(ticks)-1]

	// Room at the sides: y labels, and names at the ends of lines.
	gutter := p.gutter
	if gutter == 0 {
		for _, l := range labels {
			gutter = max(gutter, textWidth(l))
		}
		gutter += 8
	}
	f.left, f.right = p.left, p.right-18
	if p.ticks {
		f.left += gutter
	}
	if p.name != "" {
		f.right = p.right - 6
	}
	named := p.labels && len(p.of) > 1
	var names [][]string
	if named {
		room, lines := 100.0, 4
		if d.wide {
			room, lines = 150, 3
		}
		widest := 0.0
		for _, s := range p.of {
			n := breakLines(s.Name, room, lines)
			names = append(names, n)
			for _, l := range n {
				widest = max(widest, textWidth(l))
			}
		}
		f.right = p.right - widest - 22
	}

	// Room above: the unit or the name, a note about the axis, the events.
	y := p.top
	head := strings.Trim(c.Unit+", "+scale, ", ")
	if p.name != "" {
		for _, l := range breakLines(p.name, p.right-f.left-4, p.lines) {
			y += lineHeight
			d.text(f.left, y, "start", "name", l)
		}
		y = p.top + float64(p.lines)*lineHeight + 4
		head = ""
	}
	if head != "" && p.ticks {
		for _, l := range breakLines(head, d.width-p.left, 2) {
			y += lineHeight
			d.text(p.left, y, "start", "tick", l)
		}
		y += 4
	}
	if raised && p.ticks {
		for _, l := range breakLines(strings.Replace(wordAxisStarts, "%s", labels[0], 1), d.width-p.left, 2) {
			y += lineHeight
			d.text(p.left, y, "start", "tick", l)
		}
		y += 4
	}
	for i := range events {
		events[i].at = f.x(events[i].x)
	}
	rows, rowHeight := 0, 0.0
	if len(events) > 0 {
		edge := box{x0: max(p.left, f.left-20), x1: p.right}
		if d.wide && p.name == "" {
			rows, rowHeight = plantFlags(events, edge)
		}
		if rowHeight == 0 {
			rows, rowHeight = strewNumbers(events, edge), 24
		}
		y += 6
	}
	eventsTop := y
	y += float64(rows) * rowHeight
	f.top = y + 24
	f.bottom = f.top + 250
	if !d.wide {
		f.bottom = f.top + 220
	}
	if p.name != "" {
		f.top = y + 8
		f.bottom = f.top + 110
	}

	// The y axis.
	for i, t := range ticks {
		at := f.y(t)
		class, colour := "grid", ruleColour
		if t == 0 || raised && i == 0 {
			class, colour = "axis", mutedColour
		}
		d.stroke(&d.back, class, colour, "M"+whole(f.left)+" "+whole(at)+"H"+whole(f.right), "")
		if p.ticks {
			d.text(f.left-8, at+.35*fontSize, "end", "tick", labels[i])
		}
	}

	// The x axis.
	baseline := f.bottom + 24
	d.height = max(d.height, baseline+6)
	if c.Time {
		path, last := "", 0.0
		for i, t := range timeTicks(f.x0, f.x1, f.right-f.left, precision) {
			at, long := f.x(t.x), "3"
			if t.text != "" {
				long = "6"
			}
			// One step is much like the other, so that relative places compress to almost nothing.
			at10 := math.Round(at * 10)
			if i == 0 {
				path = "M" + num(at) + " " + whole(f.bottom) + "v" + long
			} else {
				path += "m" + num((at10-last)/10) + "-" + path[len(path)-1:] + "v" + long
			}
			last = at10
			if t.text != "" {
				d.tryText(at, baseline, p, t.text)
			}
			if t.below != "" && d.tryText(at, baseline+lineHeight, p, t.below) {
				d.height = max(d.height, baseline+lineHeight+6)
			}
		}
		if path != "" {
			d.stroke(&d.back, "axis", mutedColour, path, "")
		}
	} else {
		d.categories(c, f, p, baseline)
	}

	d.events(events, f, eventsTop, rowHeight)

	// The numbers, the first series last so that it lies on top.
	for i := len(p.of) - 1; i >= 0; i-- {
		n := i
		if p.name != "" {
			n = 0
		}
		d.series(c, p.of[i], n, len(p.of), f)
	}
	if p.labels {
		if named {
			d.names(c, p.of, names, f)
		}
		if len(p.of) > 2 {
			return // more values than those at the ends would be taken for the wrong line's
		}
		// Of three lines and more, only the values at their ends are told apart.
		end := p.right
		if named {
			end = f.right + 16
		}
		d.values(c, p.of, f, box{f.left + 2, f.top - 20, end, f.bottom - 2}, named)
	}
}

// multiples draws every series in a panel of its own, on the same axes.
func (d *drawing) multiples(c site.ChartView) {
	columns := 2
	if d.wide {
		columns = 3
	}
	lo, hi := 0.0, 0.0
	for _, s := range c.Series {
		for _, q := range s.Points {
			lo, hi = min(lo, q.Y, q.Low), max(hi, q.Y, q.High)
		}
	}
	if c.Type == "line" {
		c.Type = "lines" // many small lines always start at 0, so that no panel needs the note
	}
	_, labels, scale := valueTicks(c, lo, hi, 4)
	gutter := 0.0
	for _, l := range labels {
		gutter = max(gutter, textWidth(l))
	}
	gutter += 8
	top := 0.0
	if head := strings.Trim(c.Unit+", "+scale, ", "); head != "" {
		for _, l := range breakLines(head, d.width, 2) {
			top += lineHeight
			d.text(0, top, "start", "tick", l)
		}
		top += 4
	}
	each := (d.width - gutter) / float64(columns)
	most := 1
	for _, s := range c.Series {
		most = max(most, len(breakLines(s.Name, each-20, 2)))
	}
	for i, s := range c.Series {
		column := i % columns
		if column == 0 && i > 0 {
			top = d.height + 10
		}
		left := gutter + float64(column)*each
		p := panel{left: left + 10, right: left + each, top: top, name: s.Name, lines: most, of: []site.Series{s}, gutter: gutter}
		if p.name == "" {
			p.name = " "
		}
		if column == 0 {
			p.left, p.ticks = 0, true
			p.gutter += 10
		}
		d.panel(c, p)
	}
}

// categories writes the labels of a category axis, as many as have room.
func (d *drawing) categories(c site.ChartView, f frame, p panel, baseline float64) {
	labels := map[float64]string{}
	for _, s := range c.Series {
		for _, q := range s.Points {
			if labels[q.X] == "" {
				labels[q.X] = q.Label
			}
		}
	}
	xs := slices.Sorted(maps.Keys(labels))
	for every := 1; every <= len(xs); every++ {
		room := (f.right - f.left) / (f.x1 - f.x0) * float64(every)
		fit := true
		for i := 0; i < len(xs); i += every {
			for _, l := range breakLines(labels[xs[i]], room-8, 3) {
				fit = fit && !strings.HasSuffix(l, "…")
			}
		}
		if !fit && every < len(xs) {
			continue
		}
		for i := 0; i < len(xs); i += every {
			at := f.x(xs[i])
			d.stroke(&d.back, "axis", mutedColour, "M"+num(at)+" "+num(f.bottom)+"v6", "")
			for n, l := range breakLines(labels[xs[i]], max(room-8, 60), 3) {
				y := baseline + float64(n)*lineHeight
				if d.tryText(at, y, p, l) {
					d.height = max(d.height, y+6)
				}
			}
		}
		return
	}
}

// series draws one line with its marks.
func (d *drawing) series(c site.ChartView, s site.Series, n, of int, f frame) {
	colour := seriesColour(n)
	open := func(b *strings.Builder) { b.WriteString(`<g class="s` + strconv.Itoa(n%5+1) + `">` + "\n") }
	shut := func(b *strings.Builder) { b.WriteString("</g>\n") }
	open(&d.lines)
	defer shut(&d.lines)

	// Runs of points with neither gap nor break between them.
	var runs [][]site.Point
	count := 0
	for i, q := range s.Points {
		if q.Missing {
			continue
		}
		count++
		whole := i > 0 && !s.Points[i-1].Missing && len(runs) > 0
		for _, b := range c.Breaks {
			whole = whole && !(i > 0 && s.Points[i-1].X < b && b <= q.X)
		}
		if whole {
			runs[len(runs)-1] = append(runs[len(runs)-1], q)
		} else {
			runs = append(runs, []site.Point{q})
		}
	}

	sparse := count <= 16 || d.wide && count <= 40
	dodge := 0.0
	if c.Type == "range" {
		dodge = (float64(n) - float64(of-1)/2) * 8
	}
	for _, run := range runs {
		band := c.Type == "range" && c.Time && len(run) > 12
		if band {
			var up, down strings.Builder
			for i, q := range run {
				d.trace(&up, f, i, q.X, q.High, false)
				d.trace(&down, f, i, q.X, q.Low, false)
			}
			var back strings.Builder
			for i := len(run) - 1; i >= 0; i-- {
				back.WriteString("L" + num(f.x(run[i].X)) + " " + num(f.y(run[i].Low)))
			}
			d.lines.WriteString(`<path class="band" fill="` + colour + `" fill-opacity=".2" d="` + up.String() + back.String() + `Z"/>` + "\n")
			d.stroke(&d.lines, "line", colour, up.String(), `stroke-width="1.5"`)
			d.stroke(&d.lines, "line", colour, down.String(), `stroke-width="1.5"`)
			continue
		}
		if (c.Type == "line" || c.Type == "lines" || c.Type == "step") && len(run) > 1 {
			var path strings.Builder
			for i, q := range run {
				d.trace(&path, f, i, q.X, q.Y, c.Type == "step")
			}
			for i := 1; i < len(run); i++ {
				a, b := spot{f.x(run[i-1].X), f.y(run[i-1].Y)}, spot{f.x(run[i].X), f.y(run[i].Y)}
				if c.Type == "step" {
					d.inked(a, spot{b.x, a.y})
					a.x = b.x
				}
				d.inked(a, b)
			}
			attr := `stroke-width="2.5" stroke-linejoin="round"`
			if n > 0 {
				attr += ` stroke-dasharray="` + []string{"8 4", "2 4", "12 4 3 4", "16 6"}[(n-1)%4] + `"`
			}
			d.stroke(&d.lines, "line", colour, path.String(), attr)
		}
		for i, q := range run {
			at := f.x(q.X) + dodge
			d.points = append(d.points, spot{at, f.y(peak(c, q))})
			if ranged(c, q) {
				low, high := f.y(q.Low), f.y(q.High)
				d.inked(spot{at, low}, spot{at, high})
				if c.Type == "range" {
					d.stroke(&d.lines, "line", colour, "M"+num(at)+" "+num(low)+"V"+num(high), `stroke-width="5"`)
				} else {
					d.stroke(&d.lines, "line", colour, "M"+num(at-4)+" "+num(low)+"h8M"+num(at)+" "+num(low)+"V"+num(high)+"M"+num(at-4)+" "+num(high)+"h8", `stroke-width="1.5"`)
				}
			}
			if c.Type == "range" {
				if q.Low == q.High {
					d.mark(n, at, f.y(q.High), 3.5)
				} else if q.Low < q.Y && q.Y < q.High {
					d.mark(n, at, f.y(q.Y), 4.5)
				}
				continue
			}
			// A point that no line reaches must be seen; others are marked while there is room.
			switch {
			case c.Type == "dot" || len(run) == 1:
				d.mark(n, at, f.y(q.Y), 4)
			case sparse || i == 0 || i == len(run)-1:
				d.mark(n, at, f.y(q.Y), 3)
			}
		}
	}
}

// trace adds a point to a path.
func (d *drawing) trace(path *strings.Builder, f frame, i int, x, y float64, step bool) {
	switch {
	case i == 0:
		path.WriteString("M" + num(f.x(x)) + " " + num(f.y(y)))
	case step:
		path.WriteString("H" + num(f.x(x)) + "V" + num(f.y(y)))
	default:
		path.WriteString("L" + num(f.x(x)) + " " + num(f.y(y)))
	}
}

// names writes the series' names beside the ends of their lines.
func (d *drawing) names(c site.ChartView, of []site.Series, names [][]string, f frame) {
	type label struct {
		n     int
		at    spot
		lines []string
	}
	var ls []label
	total := 0.0
	for i, s := range of {
		for _, q := range slices.Backward(s.Points) {
			if q.Missing {
				continue
			}
			y := q.Y
			if c.Type == "range" {
				y = (q.Low + q.High) / 2
			}
			at := spot{f.x(q.X), f.y(y)}
			// A line that ends early is named where it ends: a pointer to the edge would look like the line going on.
			if at.x < f.right-20 {
				inside := box{f.left + 2, f.top - 20, f.right + 16, f.bottom - 2}
				if d.place(append(slices.Clone(names[i]), breakLines(textOf(c, q), 110, 2)...), len(names[i]), at, inside, true, i) ||
					d.place(names[i], len(names[i]), at, inside, true, i) {
					break
				}
			}
			ls = append(ls, label{i, at, names[i]})
			total += float64(len(names[i])) * lineHeight
			break
		}
	}
	slices.SortStableFunc(ls, func(a, b label) int { return cmp.Compare(a.at.y, b.at.y) })
	// The values stand under the names if all have room.
	room := d.width - f.right - 22
	values, fit := make([][]string, len(ls)), true
	for i, l := range ls {
		for _, q := range slices.Backward(of[l.n].Points) {
			if !q.Missing {
				values[i] = breakLines(textOf(c, q), room, 2)
				break
			}
		}
		for _, v := range values[i] {
			total += lineHeight
			fit = fit && !strings.HasSuffix(v, "…")
		}
	}
	if fit && total < .85*(f.bottom-f.top) {
		for i, l := range ls {
			ls[i].lines = append(slices.Clone(l.lines), values[i]...)
		}
	}
	want, size := make([]float64, len(ls)), make([]float64, len(ls))
	for i, l := range ls {
		want[i], size[i] = l.at.y, float64(len(l.lines))*lineHeight+4
	}
	at := spread(want, size, f.top-20, f.bottom+8)
	for i, l := range ls {
		d.lines.WriteString(`<g class="s` + strconv.Itoa(l.n%5+1) + `">` + "\n")
		pointer := ""
		if l.at.x < f.right-20 {
			pointer = `stroke-dasharray="1 4"`
		}
		d.stroke(&d.lines, "line", seriesColour(l.n), "M"+num(l.at.x+6)+" "+num(l.at.y)+"L"+num(max(f.right+8, l.at.x+8))+" "+num(l.at.y)+"L"+num(f.right+16)+" "+num(at[i]), pointer)
		d.lines.WriteString("</g>\n")
		d.inked(l.at, spot{f.right + 16, l.at.y})
		for n, t := range l.lines {
			class := "name"
			if n >= len(names[l.n]) {
				class = "tick"
			}
			d.text(f.right+20, at[i]-size[i]/2+2+float64(n+1)*lineHeight-4, "start", class, t)
		}
	}
}

// values writes first, highest and last value beside their points, as far as there is room.
func (d *drawing) values(c site.ChartView, of []site.Series, f frame, room box, named bool) {
	type label struct {
		p     site.Point
		n     int
		dated bool
		must  bool // rather on a line than not at all
	}
	var ls []label
	for n, s := range of {
		ps := slices.DeleteFunc(slices.Clone(s.Points), func(q site.Point) bool { return q.Missing })
		first, last, high := 0, len(ps)-1, 0
		for i, q := range ps {
			if peak(c, q) > peak(c, ps[high]) {
				high = i
			}
		}
		if !named {
			ls = append(ls, label{p: ps[last], n: n, must: true})
		}
		if first != last && (first != high || !named) {
			ls = append(ls, label{p: ps[first], n: n})
		}
		if high != last && high != first {
			ls = append(ls, label{p: ps[high], n: n, dated: c.Time})
		}
	}
	for _, l := range ls {
		dodge := 0.0
		if c.Type == "range" {
			dodge = (float64(l.n) - float64(len(of)-1)/2) * 8
		}
		at := spot{f.x(l.p.X) + dodge, f.y(peak(c, l.p))}
		wide := 110.0
		if d.wide {
			wide = 170
		}
		text := breakLines(textOf(c, l.p), wide, 3)
		if l.dated && l.p.Label != "" && d.place(append(slices.Clone(text), breakLines(l.p.Label, wide, 2)...), len(text), at, room, true, -1) {
			continue
		}
		if !d.place(text, len(text), at, room, true, -1) && l.must {
			d.place(text, len(text), at, room, false, -1)
		}
	}
}

// place puts lines of text near a point, where they cover no other text and as little of the lines as can be. If strict,
// it must cover none of the lines. The name of a series may go far, since then a pointer in its colour leads there; other
// text passes -1 for it. It reports whether it found a place.
func (d *drawing) place(lines []string, strong int, at spot, room box, strict bool, series int) bool {
	wide, high := 0.0, float64(len(lines))*lineHeight
	for _, l := range lines {
		if strings.HasSuffix(l, "…") {
			return false
		}
		wide = max(wide, textWidth(l))
	}
	const gap = 7
	type candidate struct {
		x      float64 // of the box's start
		y      float64
		anchor string
	}
	above, below, beside := at.y-gap-high, at.y+gap, at.y-high/2
	var cs []candidate
	for _, far := range []float64{0, 10, 22, 36} {
		cs = append(cs,
			candidate{at.x - wide/2, above - far, "middle"},
			candidate{at.x + 2, above - far, "start"},
			candidate{at.x - wide - 2, above - far, "end"},
			candidate{at.x + 10 + far/4, beside, "start"},
			candidate{at.x - wide - 10 - far/4, beside, "end"},
			candidate{at.x + 8, above + 8 - far, "start"},
			candidate{at.x - wide - 8, above + 8 - far, "end"},
			candidate{at.x - wide/2, below + far, "middle"},
			candidate{at.x + 2, below + far, "start"},
			candidate{at.x - wide - 2, below + far, "end"},
		)
	}
	best, cost := candidate{}, math.Inf(1)
	for i, k := range cs {
		b := box{k.x, k.y, k.x + wide, k.y + high}
		if !b.within(room) {
			// Near an edge the text may slide along its line.
			slid := min(max(b.x0, room.x0), room.x1-wide)
			if k.anchor != "middle" || math.Abs(slid-b.x0) > wide/2 {
				continue
			}
			k.x = slid
			b = box{k.x, k.y, k.x + wide, k.y + high}
			if !b.within(room) {
				continue
			}
		}
		here := float64(i) * .4
		for _, t := range d.texts {
			if b.grow(2).hits(t) {
				here = math.Inf(1)
			}
		}
		for _, s := range d.ink {
			if g := b.grow(1.5); s.x > g.x0 && s.x < g.x1 && s.y > g.y0 && s.y < g.y1 {
				here += 3
				if strict {
					here = math.Inf(1)
				}
			}
		}
		for _, s := range d.points {
			if strict && series < 0 && b.from(s) < b.from(at) {
				here = math.Inf(1) // it would be taken for that point's
			}
		}
		for _, s := range d.poles {
			if s.x > b.x0-2 && s.x < b.x1+2 && s.y > b.y0 && s.y < b.y1 {
				here++
			}
		}
		if here < cost {
			best, cost = k, here
		}
	}
	if math.IsInf(cost, 1) {
		return false
	}
	if away := at.y - best.y - high; series >= 0 && away > gap+5 {
		d.lines.WriteString(`<g class="s` + strconv.Itoa(series%5+1) + `">` + "\n")
		from := min(max(at.x, best.x+4), best.x+wide-4)
		d.stroke(&d.lines, "line", seriesColour(series), "M"+num(from)+" "+num(best.y+high+1)+"L"+num(at.x)+" "+num(at.y-4), "")
		d.lines.WriteString("</g>\n")
	}
	for i, l := range lines {
		x := map[string]float64{"start": best.x, "middle": best.x + wide/2, "end": best.x + wide}[best.anchor]
		class := "value"
		if i >= strong {
			class = "quiet"
		}
		d.text(x, best.y+float64(i+1)*lineHeight-4, best.anchor, class, l)
	}
	return true
}

// pole is the vertical line of an event with the place of its number.
type pole struct {
	number int
	title  string
	lines  []string // the title as it is written
	x, at  float64  // in the data, in the drawing
	disc   float64  // x of the number
	row    int      // 0 is next to the plot
	back   bool     // the title stands before its line
}

// plantFlags gives every event a row and a side for its title, so that no title is crossed by another's line. It
// returns the rows and their height, which is 0 if a few rows do not suffice. Titles take a second line before a fourth
// row.
func plantFlags(events []pole, edge box) (rows int, high float64) {
	span := func(e pole) box {
		w := discRadius + 6.0
		for _, l := range e.lines {
			w = max(w, textWidth(l)+discRadius+6)
		}
		if e.back {
			return box{x0: e.at - w, x1: e.at + discRadius}
		}
		return box{x0: e.at - discRadius, x1: e.at + w}
	}
	order := make([]int, len(events))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(events[b].at, events[a].at) })
	tries := 0
	var plant func(n, rows int) bool
	plant = func(n, rows int) bool {
		if n == len(order) {
			return true
		}
		e := &events[order[n]]
		for row := range rows {
			for _, back := range []bool{false, true} {
				if tries++; tries > 20000 {
					return false
				}
				e.row, e.back = row, back
				b := span(*e)
				ok := b.x0 >= edge.x0 && b.x1 <= edge.x1
				for _, i := range order[:n] {
					o := events[i]
					s := span(o)
					switch {
					case o.row == row:
						ok = ok && (b.x1+10 <= s.x0 || s.x1+10 <= b.x0)
					case o.row > row:
						ok = ok && (o.at < b.x0-4 || o.at > b.x1+4)
					default:
						ok = ok && (e.at < s.x0-4 || e.at > s.x1+4)
					}
				}
				if ok && plant(n+1, rows) {
					return true
				}
			}
		}
		return false
	}
	for _, e := range events {
		if e.title == "" {
			return 0, 0
		}
	}
	for lines := 1; lines <= 2 && len(events) <= 6; lines++ {
		for i := range events {
			e := &events[i]
			e.disc = e.at
			e.lines = []string{e.title}
			for width := 60.0; lines == 2 && width < textWidth(e.title); width += 10 {
				if l := breakLines(e.title, width, 2); !strings.HasSuffix(l[len(l)-1], "…") && !strings.HasSuffix(l[0], "…") {
					e.lines = l
					break
				}
			}
		}
		tries = 0
		for rows := 1; rows <= 5-lines; rows++ {
			if plant(0, rows) {
				return rows, float64(lines-1)*lineHeight + 24
			}
		}
	}
	for i := range events {
		events[i].row, events[i].back, events[i].lines = 0, false, nil
	}
	return 0, 0
}

// strewNumbers sets the events' numbers side by side above the plot, in as many rows as they need.
func strewNumbers(events []pole, edge box) int {
	const each = 2*discRadius + 3
	rows := 1
	for float64((len(events)+rows-1)/rows)*each > edge.x1-edge.x0 {
		rows++
	}
	order := make([]int, len(events))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(events[a].at, events[b].at) })
	for row := range rows {
		var want, size []float64
		var which []int
		for n, i := range order {
			if n%rows == row {
				want, size, which = append(want, events[i].at), append(size, each), append(which, i)
			}
		}
		for n, at := range spread(want, size, edge.x0, edge.x1) {
			events[which[n]].disc, events[which[n]].row = at, row
		}
	}
	return rows
}

// events draws the lines of the events and their numbers or flags.
func (d *drawing) events(events []pole, f frame, top, rowHeight float64) {
	rows := 0
	for _, e := range events {
		rows = max(rows, e.row+1)
	}
	for _, e := range events {
		y := top + float64(rows-1-e.row)*rowHeight + rowHeight - 24 + discRadius
		d.stroke(&d.back, "evt", mutedColour, "M"+whole(e.disc)+" "+whole(y+discRadius)+"L"+whole(e.at)+" "+whole(top+float64(rows)*rowHeight+6)+"V"+whole(f.bottom), `stroke-dasharray="1 2"`)
		for at := f.top - 20; at < f.bottom; at += 12 {
			d.poles = append(d.poles, spot{e.at, at})
		}
		d.front.WriteString(`<circle class="disc evt" fill="` + pageColour + `" stroke="` + mutedColour + `" cx="` + whole(e.disc) + `" cy="` + whole(y) + `" r="` + num(discRadius) + `"/>` + "\n")
		d.text(e.disc, y+.35*fontSize, "middle", "number", strconv.Itoa(e.number))
		for n, l := range e.lines {
			baseline := y + .35*fontSize - float64(len(e.lines)-1-n)*lineHeight
			if e.back {
				d.text(e.disc-discRadius-4, baseline, "end", "quiet", l)
			} else {
				d.text(e.disc+discRadius+4, baseline, "start", "quiet", l)
			}
		}
	}
}

// rows draws ranges or dots by category, one row each, with the value along x.
func (d *drawing) rows(c site.ChartView) {
	// The categories in order of first use.
	type row struct {
		label  string
		points []site.Point
		of     []int // series
	}
	var rs []row
	index := map[string]int{}
	lo, hi := 0.0, 0.0
	for n, s := range c.Series {
		for _, q := range s.Points {
			i, ok := index[q.Label]
			if !ok {
				i = len(rs)
				index[q.Label] = i
				rs = append(rs, row{label: q.Label})
			}
			if q.Missing {
				continue
			}
			rs[i].points, rs[i].of = append(rs[i].points, q), append(rs[i].of, n)
			if c.Type != "range" {
				lo, hi = min(lo, q.Y), max(hi, q.Y)
			}
			if ranged(c, q) {
				lo, hi = min(lo, q.Low), max(hi, q.High)
			}
		}
	}
	wanted := 5
	if !d.wide {
		wanted = 3
	}
	ticks, labels, scale := valueTicks(c, lo, hi, wanted)
	f := frame{x0: ticks[0], x1: ticks[len(ticks)-1], left: 8, right: d.width - max(10, textWidth(labels[len(labels)-1])/2+2)}
	if d.wide {
		for _, r := range rs {
			for _, l := range breakLines(r.label, .34*d.width, 3) {
				f.left = max(f.left, textWidth(l)+12)
			}
		}
	}
	f.left = max(f.left, textWidth(labels[0])/2+2)

	y := 0.0
	if head := strings.Trim(c.Unit+", "+scale, ", "); head != "" {
		for _, l := range breakLines(head, d.width, 2) {
			y += lineHeight
			d.text(0, y, "start", "tick", l)
		}
		y += 4
	}
	// The series' names stand above their marks in the first row, or where that is too narrow, in a line above all.
	direct := len(c.Series) > 1 && len(rs[0].points) == len(c.Series)
	total := 0.0
	for _, s := range c.Series {
		direct = direct && c.Type != "range"
		total += textWidth(s.Name) + 12
	}
	direct = direct && total < f.right-f.left
	if len(c.Series) > 1 && !direct {
		x := 0.0
		for n, s := range c.Series {
			name := breakLines(s.Name, d.width-20, 1)[0]
			if x > 0 && x+20+textWidth(name) > d.width {
				x = 0
				y += lineHeight + 4
			}
			d.lines.WriteString(`<g class="s` + strconv.Itoa(n%5+1) + `">` + "\n")
			d.mark(n, x+8, y+lineHeight-5, 5)
			d.lines.WriteString("</g>\n")
			d.text(x+20, y+lineHeight, "start", "name", name)
			x += 20 + textWidth(name) + 18
		}
		y += lineHeight + 8
	}
	type band struct{ top, bottom float64 }
	var bands []band
	for first, r := range rs {
		label := breakLines(r.label, .34*d.width, 3)
		if !d.wide {
			for _, l := range breakLines(r.label, d.width-f.left, 2) {
				y += lineHeight
				d.text(f.left-1, y, "start", "label", l)
			}
			y += 4
		}
		bandTop := y
		if first == 0 && direct {
			d.heads(c, r.points, r.of, f, y)
			y += lineHeight + 10
		}
		// Every range has a lane of its own; a value that fits neither after nor before its mark goes below it.
		type lane struct {
			at       float64
			from, to float64
			below    bool
		}
		lanes := make([]lane, len(r.points))
		crowded := false
		for i, q := range r.points {
			for _, o := range r.points[:i] {
				crowded = crowded || math.Abs(f.x(o.Y)-f.x(q.Y)) < 11
			}
		}
		top := y
		y += 5
		for i, q := range r.points {
			l := lane{from: f.x(q.Y), to: f.x(q.Y)}
			switch {
			case c.Type == "range":
				l.from, l.to = f.x(q.Low), f.x(q.High)
			case ranged(c, q):
				l.from, l.to = min(l.from, f.x(q.Low)), max(l.to, f.x(q.High))
			}
			own := c.Type == "range" || crowded || i == 0
			if own {
				y += 18
			}
			l.at = y - 9
			w := textWidth(textOf(c, q)) + 10
			if l.to+w > d.width && l.from-w < f.left && own && w-10 < d.width-f.left {
				l.below = true
				y += lineHeight
			}
			lanes[i] = l
		}
		if len(lanes) == 0 {
			y += 18
		}
		y += 5
		if high := float64(len(label))*lineHeight + 6; d.wide && y-top < high {
			for i := range lanes {
				lanes[i].at += (high - (y - top)) / 2
			}
			y = top + high
		}
		if d.wide {
			for n, l := range label {
				d.text(f.left-12, (top+y)/2+(float64(n)-float64(len(label)-1)/2)*lineHeight+.35*fontSize, "end", "label", l)
			}
		}
		for i, q := range r.points {
			n, at, from, to := r.of[i], lanes[i].at, lanes[i].from, lanes[i].to
			if i == 0 || lanes[i-1].at != at {
				d.stroke(&d.back, "grid", ruleColour, "M"+num(f.left)+" "+num(at)+"H"+num(f.right), `stroke-dasharray="1 3"`)
			}
			d.lines.WriteString(`<g class="s` + strconv.Itoa(n%5+1) + `">` + "\n")
			if ranged(c, q) {
				if c.Type == "range" {
					d.stroke(&d.lines, "line", seriesColour(n), "M"+num(from)+" "+num(at)+"H"+num(to), `stroke-width="8"`)
				} else {
					low, high := f.x(q.Low), f.x(q.High)
					d.stroke(&d.lines, "line", seriesColour(n), "M"+num(low)+" "+num(at-4)+"v8M"+num(low)+" "+num(at)+"H"+num(high)+"M"+num(high)+" "+num(at-4)+"v8", `stroke-width="1.5"`)
				}
				d.inked(spot{from, at}, spot{to, at})
			}
			switch {
			case c.Type != "range":
				d.mark(n, f.x(q.Y), at, 5)
			case q.Low == q.High:
				d.mark(n, from, at, 4)
			case q.Low < q.Y && q.Y < q.High:
				d.mark(n, f.x(q.Y), at, 5)
			}
			d.lines.WriteString("</g>\n")
		}
		for i, q := range r.points {
			l := lanes[i]
			if l.below {
				w := textWidth(textOf(c, q))
				d.text(min(max((l.from+l.to-w)/2, f.left), d.width-w), l.at+6+lineHeight, "start", "value", textOf(c, q))
			} else {
				d.beside(textOf(c, q), l.from, l.to, l.at, box{f.left, bandTop, d.width, y})
			}
		}
		bands = append(bands, band{bandTop, y})
	}
	for i, t := range ticks {
		class, colour := "grid", ruleColour
		if t == 0 {
			class, colour = "axis", mutedColour
		}
		var path strings.Builder
		for n, b := range bands {
			if n == len(bands)-1 {
				b.bottom += 4
			}
			if d.wide && n > 0 {
				b.top = bands[n-1].bottom
			}
			path.WriteString("M" + num(f.x(t)) + " " + num(b.top) + "V" + num(b.bottom))
		}
		d.stroke(&d.back, class, colour, path.String(), "")
		d.tryText(f.x(t), y+4+lineHeight, panel{left: 0, right: d.width}, labels[i])
	}
	d.height = y + 4 + lineHeight + 6
}

// heads writes the names of the series above their marks in the first row, with pointers to them.
func (d *drawing) heads(c site.ChartView, points []site.Point, of []int, f frame, y float64) {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(points[a].Y, points[b].Y) })
	var want, size []float64
	for _, i := range order {
		want, size = append(want, f.x(points[i].Y)), append(size, textWidth(c.Series[of[i]].Name)+12)
	}
	for n, at := range spread(want, size, f.left, d.width) {
		d.text(at, y+lineHeight-3, "middle", "name", c.Series[of[order[n]]].Name)
		d.lines.WriteString(`<g class="s` + strconv.Itoa(of[order[n]]%5+1) + `">` + "\n")
		d.stroke(&d.lines, "line", seriesColour(of[order[n]]), "M"+num(at)+" "+num(y+lineHeight+2)+"L"+num(want[n])+" "+num(y+lineHeight+14), "")
		d.lines.WriteString("</g>\n")
	}
}

// beside writes a value after a mark, or before it, or above, wherever it stands free.
func (d *drawing) beside(text string, from, to, y float64, room box) {
	w := textWidth(text)
	for _, b := range []box{
		{to + 10, 0, to + 10 + w, 0}, {from - 10 - w, 0, from - 10, 0},
	} {
		b.y0, b.y1 = y-.45*fontSize-2, y+.45*fontSize+2
		free := b.x0 >= room.x0 && b.x1 <= room.x1
		for _, t := range d.texts {
			free = free && !b.grow(1).hits(t)
		}
		for _, s := range d.ink {
			free = free && !(s.x > b.x0 && s.x < b.x1 && s.y > b.y0 && s.y < b.y1)
		}
		if free {
			d.text(b.x0, y+.35*fontSize, "start", "value", text)
			return
		}
	}
}

// tryText writes a centred tick label, moved inside its panel, unless it would touch another text.
func (d *drawing) tryText(x, baseline float64, p panel, s string) bool {
	w := textWidth(s)
	x = max(min(x, p.right-w/2), p.left+w/2)
	b := textBox(x, baseline, "middle", s)
	for _, t := range d.texts {
		if b.grow(2).hits(t) {
			return false
		}
	}
	if b.x0 < p.left-.01 {
		return false
	}
	d.text(x, baseline, "middle", "tick", s)
	return true
}

// text writes one line of text and remembers its place.
func (d *drawing) text(x, baseline float64, anchor, class, s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	d.texts = append(d.texts, textBox(x, baseline, anchor, s))
	attr := ` fill="currentColor"`
	switch class {
	case "tick", "quiet":
		attr = ` fill="` + mutedColour + `"`
	case "name", "number":
		attr += ` font-weight="600"`
	}
	if class == "value" || class == "quiet" {
		class += " halo"
		attr += ` stroke="` + pageColour + `"` + haloStyle
		if strings.HasPrefix(class, "value") {
			attr += ` font-weight="600"`
		}
	}
	if anchor != "start" {
		attr += ` text-anchor="` + anchor + `"`
	}
	d.front.WriteString(`<text class="` + class + `" x="` + num(x) + `" y="` + whole(baseline) + `"` + attr + ">" + html.EscapeString(s) + "</text>\n")
}

// pageSVG is a drawing on a page, whose style sheet gives what chartSVG says again for places without one.
func pageSVG(c site.ChartView, size string) template.HTML {
	return template.HTML(styledElsewhere.Replace(string(chartSVG(c, size))))
}

var styledElsewhere = func() *strings.Replacer {
	pairs := []string{haloStyle, ""}
	colours := []string{mutedColour, ruleColour, pageColour}
	for i := range 5 {
		colours = append(colours, seriesColour(i))
	}
	for _, c := range colours {
		pairs = append(pairs, ` fill="`+c+`"`, "", ` stroke="`+c+`"`, "")
	}
	return strings.NewReplacer(pairs...)
}()

// joinPaths makes one path of neighbours that differ in nothing but where they go: the ticks of an axis, say.
func joinPaths(elements string) string {
	var b strings.Builder
	open := "" // the start of the path at hand, up to where it goes
	for _, e := range strings.Split(elements, "\n") {
		head, rest, ok := strings.Cut(e, ` d="`)
		to, plain := strings.CutSuffix(rest, `"/>`)
		if !ok || !plain || !strings.HasPrefix(e, "<path ") {
			if open != "" {
				b.WriteString(`"/>`)
			}
			open = ""
			b.WriteString(e)
			continue
		}
		if head != open {
			if open != "" {
				b.WriteString(`"/>`)
			}
			b.WriteString(head + ` d="`)
			open = head
		}
		b.WriteString(to)
	}
	if open != "" {
		b.WriteString(`"/>`)
	}
	return b.String()
}

// stroke writes a path that is only a line.
func (d *drawing) stroke(b *strings.Builder, class, colour, path, attr string) {
	if attr != "" {
		attr = " " + attr
	}
	b.WriteString(`<path class="` + class + `" fill="none" stroke="` + colour + `"` + attr + ` d="` + path + `"/>` + "\n")
}

// mark writes a series' own shape: disc, square, triangle, diamond, ring. Where a path goes comes last, so that the many
// marks of a line become one path.
func (d *drawing) mark(n int, x, y, r float64) {
	colour := seriesColour(n)
	attr, path := `fill="`+colour+`"`, ""
	switch n % 5 {
	case 0: // a dot of a round pen
		attr = `fill="none" stroke="` + colour + `" stroke-width="` + num(2*r+1) + `" stroke-linecap="round"`
		path = "M" + num(x) + " " + num(y) + "h0"
	case 1:
		r *= .9
		path = "M" + num(x-r) + " " + num(y-r) + "h" + num(2*r) + "v" + num(2*r) + "h" + num(-2*r) + "z"
	case 2:
		r *= 1.25
		path = "M" + num(x) + " " + num(y-r) + "L" + num(x+r) + " " + num(y+.8*r) + "H" + num(x-r) + "z"
	case 3:
		r *= 1.3
		path = "M" + num(x) + " " + num(y-r) + "L" + num(x+r) + " " + num(y) + "L" + num(x) + " " + num(y+r) + "L" + num(x-r) + " " + num(y) + "z"
	}
	for dx := -r; dx <= r; dx += r {
		d.ink = append(d.ink, spot{x + dx, y}, spot{x, y + dx})
	}
	if path == "" {
		d.lines.WriteString(`<circle class="hollow" fill="` + pageColour + `" stroke="` + colour + `" stroke-width="2" cx="` + num(x) + `" cy="` + num(y) + `" r="` + num(r) + `"/>` + "\n")
		return
	}
	d.lines.WriteString(`<path class="mark" ` + attr + ` d="` + path + `"/>` + "\n")
}

// inked notes that there is a line from a to b.
func (d *drawing) inked(a, b spot) {
	n := int(math.Hypot(b.x-a.x, b.y-a.y)/4) + 1
	for i := 0; i <= n; i++ {
		t := float64(i) / float64(n)
		d.ink = append(d.ink, spot{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
	}
}

func seriesColour(n int) string {
	return [...]string{"#08476c", "#8f3200", "#189f86", "#c231ab", "#bb8300"}[n%5]
}

// valueTicks returns round numbers from at most lo to at least hi, about n of them, as text, and the power of ten that
// the text leaves out, in words.
func valueTicks(c site.ChartView, lo, hi float64, n int) (ticks []float64, labels []string, scale string) {
	if hi-lo < 1e-9*max(1, math.Abs(hi)) {
		hi = lo + max(1, math.Abs(lo))
	}
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/float64(n))))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if (m != 2.5 || step >= 10) && step*m >= (hi-lo)/float64(n) {
			step *= m
			break
		}
	}
	unit, word := 1.0, ""
	for _, s := range []struct {
		unit float64
		word string
	}{{1e12, "trillions"}, {1e9, "billions"}, {1e6, "millions"}} {
		if step >= s.unit/10 && max(hi, -lo) >= s.unit {
			unit, word = s.unit, s.word
			break
		}
	}
	first, last := math.Floor(lo/step+1e-9), math.Ceil(hi/step-1e-9)
	for i := first; i <= last; i++ {
		v := i * step
		ticks = append(ticks, v)
		labels = append(labels, grouped(c, v/unit))
	}
	return ticks, labels, word
}

// tick is a mark on the time axis; without text it is a small one.
type tick struct {
	x           float64
	text, below string
}

// timeTicks divides a stretch of fractional years, width units long, by years, months or days. Where all dates are
// years, or months, they lie in the middle of theirs (content.Date.Time), and so do the ticks.
func timeTicks(from, to, width float64, precision int) (ts []tick) {
	each := width / (to - from) // of a year
	if precision == len("2020") {
		from, to = from-.5, to-.5
		defer func() {
			for i := range ts {
				ts[i].x += .5
			}
		}()
	}
	if to-from >= 2.5 || precision == len("2020") {
		step := 1e9
		for _, s := range []float64{1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 1e5, 1e6} {
			if s*each >= textWidth("2000")+16 {
				step = s
				break
			}
		}
		small := step
		for _, s := range []float64{1, 5, 10, 50, 100, 500} {
			if math.Mod(step, s) == 0 && s*each >= 6 {
				small = s
				break
			}
		}
		for y := math.Ceil(from/small-1e-9) * small; y <= to+1e-9; y += small {
			t := tick{x: y}
			if math.Mod(y, step) == 0 {
				t.text = strings.Replace(num(y), "-", "−", 1)
			}
			ts = append(ts, t)
		}
		return ts
	}
	names := strings.Fields(wordMonths)
	year := 0
	put := func(day time.Time, text string) {
		x := yearOf(day)
		if precision == len("2020-01") {
			x = (x + yearOf(day.AddDate(0, 1, -1)) + 1./365) / 2
		}
		if x < from-.004 || x > to+.004 {
			return
		}
		t := tick{x: min(max(x, from), to), text: text}
		if text != "" && day.Year() != year {
			year = day.Year()
			t.below = strconv.Itoa(year)
		}
		ts = append(ts, t)
	}
	first := int(math.Floor(from))
	if to-from >= .25 {
		step := 12
		for _, s := range []int{1, 2, 3, 6} {
			if float64(s)*each/12 >= textWidth("2000")+8 {
				step = s
				break
			}
		}
		for m := 0; m <= 48; m++ {
			day := time.Date(first, time.Month(1+m), 1, 0, 0, 0, 0, time.UTC)
			text := ""
			if m%step == 0 {
				text = names[m%12]
			}
			put(day, text)
		}
		return ts
	}
	step := 28
	for _, s := range []int{1, 2, 7, 14} {
		if float64(s)*each/365 >= textWidth("30 Nov")+8 {
			step = s
			break
		}
	}
	start := time.Date(first, 1, 1+int((from-float64(first))*365), 0, 0, 0, 0, time.UTC)
	for n := 0; n < 100; n++ {
		day := start.AddDate(0, 0, n)
		text := ""
		if n%step == 0 {
			text = strconv.Itoa(day.Day()) + " " + names[day.Month()-1]
		}
		put(day, text)
	}
	return ts
}

// yearOf is a day as a fractional year.
func yearOf(day time.Time) float64 {
	days := time.Date(day.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	return float64(day.Year()) + float64(day.YearDay()-1)/float64(days)
}

// spread moves things of the given sizes, wanted at ascending places, as little as possible until none overlaps another,
// inside lo and hi if they fit. Taking the sizes off first leaves isotonic regression: neighbours out of order share
// their mean.
func spread(want, size []float64, lo, hi float64) []float64 {
	type block struct {
		sum float64
		n   int
	}
	var blocks []block
	offset := make([]float64, len(want))
	for i, w := range want {
		if i > 0 {
			offset[i] = offset[i-1] + (size[i-1]+size[i])/2
		}
		blocks = append(blocks, block{w - offset[i], 1})
		for n := len(blocks); n > 1 && blocks[n-2].sum*float64(blocks[n-1].n) > blocks[n-1].sum*float64(blocks[n-2].n); n = len(blocks) {
			blocks[n-2].sum += blocks[n-1].sum
			blocks[n-2].n += blocks[n-1].n
			blocks = blocks[:n-1]
		}
	}
	at := make([]float64, 0, len(want))
	for _, b := range blocks {
		for range b.n {
			i := len(at)
			v := b.sum / float64(b.n)
			v = min(v, hi-size[len(size)-1]/2-offset[len(size)-1])
			at = append(at, max(v, lo+size[0]/2)+offset[i])
		}
	}
	return at
}

// textWidth estimates how wide a text is: 0.66 em for a character, which holds for the bold of DejaVu Sans, one of the
// widest faces that a system has for its own, and more for wide ones.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r >= 0x1100 && !unicode.Is(unicode.Latin, r) && !unicode.IsPunct(r):
			w++
		case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '—' || r == '…' || r == '%':
			w += .9
		case unicode.IsUpper(r):
			w += .72
		default:
			w += .66
		}
	}
	return w * fontSize
}

func textBox(x, baseline float64, anchor, s string) box {
	w := textWidth(s)
	switch anchor {
	case "middle":
		x -= w / 2
	case "end":
		x -= w
	}
	return box{x, baseline - .8*fontSize, x + w, baseline + .25*fontSize}
}

// breakLines breaks a text into at most n lines of the given width; what does not fit ends in "…".
func breakLines(s string, width float64, n int) []string {
	var lines []string
	for _, w := range strings.Fields(s) {
		if l := len(lines); l > 0 && textWidth(lines[l-1]+" "+w) <= width {
			lines[l-1] += " " + w
		} else {
			lines = append(lines, w)
		}
	}
	if len(lines) == 0 {
		return []string{""}
	}
	if len(lines) > n {
		lines = lines[:n]
		lines[n-1] += "…"
	}
	for i, l := range lines {
		if textWidth(l) > width {
			r := []rune(strings.TrimSuffix(l, "…"))
			for len(r) > 1 && textWidth(string(r)+"…") > width {
				r = r[:len(r)-1]
			}
			lines[i] = string(r) + "…"
		}
	}
	return lines
}

// num writes a coordinate: at most one decimal, which is finer than a screen shows, no trailing zeros.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}

// whole is num to the unit, for what no reader measures: text, ticks and rules.
func whole(v float64) string { return num(math.Round(v)) }

// grouped writes a value in the language's form: "125,000", "2.5"; with an exponent when it would be very long.
func grouped(c site.ChartView, v float64) string {
	if a := math.Abs(v); a >= 1e12 || a > 0 && a < 1e-4 {
		return strings.Replace(strconv.FormatFloat(v, 'g', 3, 64), "-", "−", 1)
	}
	decimals := 2
	for a := math.Abs(v); a > 0 && a < .1 && decimals < 6; a *= 10 {
		decimals++
	}
	s := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(math.Abs(v), 'f', decimals, 64), "0"), ".")
	whole, rest, _ := strings.Cut(s, ".")
	if whole == "" {
		whole = "0"
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + c.Thousands + whole[i:]
	}
	if rest != "" {
		whole += cmp.Or(c.Decimal, ".") + rest
	}
	if v < 0 {
		whole = "−" + whole
	}
	return whole
}

// untagged is the text of a piece of HTML.
func untagged(s string) string {
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(s, "<")
		b.WriteString(text)
		if !found {
			break
		}
		_, s, _ = strings.Cut(rest, ">")
	}
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
}
