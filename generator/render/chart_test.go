package render

import (
	"encoding/xml"
	"flag"
	"fmt"
	"html/template"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gloss/generator/content"
	"gloss/generator/site"
)

var update = flag.Bool("update", false, "rewrite golden files")

// monthOf is the first day of a month as the fractional year that charts use.
func monthOf(y, m, d int) float64 { return float64(y) + (float64(m-1)+float64(d-1)/31)/12 }

func iraqChart() site.ChartView {
	at := func(iso, label string, y, m, d int, v float64, text, note string) site.Point {
		return site.Point{ISO: iso, Label: label, X: monthOf(y, m, d), Y: v, Text: text, Note: note,
			Sources: []site.SourceLink{{Title: "AP, 8 April 2008", URL: "../sources/#ap"}}}
	}
	return site.ChartView{
		ID: "troops", Type: "step", Time: true, Unit: "US troops in Iraq", XLabel: "Date", YLabel: "Troops",
		Title:    "US troops in Iraq: 170,000 at the peak, about 2,500 since 2021",
		Subtitle: "Number of troops reported, March 2003 to September 2024",
		Series: []site.Series{{Points: []site.Point{
			at("2003-05", "May 2003", 2003, 5, 1, 146000, "146,000", "AP list"),
			at("2005-01", "January 2005", 2005, 1, 1, 159000, "159,000", "AP list"),
			at("2005-10", "October 2005", 2005, 10, 1, 157000, "157,000", "AP list"),
			at("2005-12", "December 2005", 2005, 12, 1, 152000, "152,000", "AP list"),
			at("2006-06", "June 2006", 2006, 6, 1, 125000, "125,000", "AP list; lowest since July 2004"),
			at("2006-09", "September 2006", 2006, 9, 1, 147000, "147,000", "AP list"),
			at("2007-01", "January 2007", 2007, 1, 1, 132000, "132,000", "AP list; mid-month, surge announced"),
			at("2007-10", "October 2007", 2007, 10, 1, 170000, "170,000", "AP list; peak"),
			at("2008-03-01", "1 March 2008", 2008, 3, 1, 159700, "159,700", ""),
			at("2008-07-22", "22 July 2008", 2008, 7, 22, 147000, "about 147,000", "end of the surge"),
			at("2010-08-31", "31 August 2010", 2010, 8, 31, 50000, "about 50,000", "to train and advise"),
			at("2011-10-10", "10 October 2011", 2011, 10, 10, 44000, "about 44,000", "remaining, due out by year-end"),
			at("2011-12", "December 2011", 2011, 12, 1, 4000, "fewer than 4,000", "shortly before the last convoy"),
			at("2014-09-02", "2 September 2014", 2014, 9, 2, 1100, "more than 1,100", ""),
			at("2016-09-28", "28 September 2016", 2016, 9, 28, 4565, "4,565", "present before the increase"),
			at("2017-12-06", "6 December 2017", 2017, 12, 6, 5200, "about 5,200", ""),
			at("2020-01-05", "5 January 2020", 2020, 1, 5, 5200, "about 5,200", ""),
			at("2021-01-15", "15 January 2021", 2021, 1, 15, 2500, "2,500", "level announced as reached"),
			at("2024-02-02", "2 February 2024", 2024, 2, 2, 2500, "about 2,500", ""),
			at("2024-09-27", "27 September 2024", 2024, 9, 27, 2500, "about 2,500", ""),
		}}},
		Breaks: []float64{monthOf(2011, 12, 18)},
		Events: []site.ChartEvent{
			{Title: "Surge announced", URL: "../timeline/#surge", Date: "10 January 2007", X: monthOf(2007, 1, 10)},
			{Title: "Last convoy leaves", URL: "../timeline/#convoy", Date: "18 December 2011", X: monthOf(2011, 12, 18)},
			{Title: "Islamic State takes Mosul", URL: "../timeline/#mosul", Date: "10 June 2014", X: monthOf(2014, 6, 10)},
			{Title: "Soleimani killed", URL: "../events/soleimani/", Date: "3 January 2020", X: monthOf(2020, 1, 3)},
		},
		Sources: []site.SourceLink{
			{Title: "Troop levels in Iraq", URL: "../sources/#ap"},
			{Title: "Iraq timeline", URL: "../sources/#reuters"},
		},
		CSV: "troops.csv", Thousands: ",", Decimal: ".", Words: content.LanguageOf("en").UI,
	}
}

func yearsChart(type_ string, from int, names []string, values ...[]float64) site.ChartView {
	c := site.ChartView{ID: "c", Type: type_, Time: true, Title: "A <em>finding</em> &amp; more", Thousands: ",", Decimal: ".", Words: content.LanguageOf("en").UI}
	for i, n := range names {
		s := site.Series{Name: n}
		for j, v := range values[i] {
			y := strconv.Itoa(from + j)
			p := site.Point{Label: y, ISO: y, X: float64(from+j) + .5, Y: v, Missing: math.IsNaN(v)}
			s.Points = append(s.Points, p)
		}
		c.Series = append(c.Series, s)
	}
	return c
}

func twoLines() site.ChartView {
	gap := math.NaN()
	c := yearsChart("line", 2003, []string{"Iraq", "Afghanistan"},
		[]float64{146000, 138000, 159000, 140000, 170000, 147000, 120000, 50000, 11000, gap, gap, 1600, 3500, 5200, 5200, 5200, 5200, 3000, 2500, 2500, 2500},
		[]float64{13100, 18300, 17800, 21000, 24800, 32500, 68000, 97000, 91000, 68000, 39000, 16100, 9800, 8400, 14000, 14000, 13000, 4000, 0})
	c.ID, c.Unit = "two", "troops"
	c.Events = []site.ChartEvent{{Title: "Surge in Iraq", X: 2007.1}, {Title: "Surge in Afghanistan", X: 2009.9}, {Title: "Fall of Kabul", X: 2021.6}}
	return c
}

func rangesChart() site.ChartView {
	c := site.ChartView{ID: "deaths", Type: "range", Title: "Counts of the dead differ by a factor of six", Unit: "violent deaths", Thousands: ",", Decimal: ".", Words: content.LanguageOf("en").UI}
	s := site.Series{}
	for i, r := range []struct {
		label     string
		low, high float64
	}{{"Iraq Body Count, to 2006", 43000, 48000}, {"Iraq Family Health Survey", 104000, 223000}, {"Lancet survey", 426369, 793663}, {"Ministry of Health", 100000, 100000}} {
		s.Points = append(s.Points, site.Point{Label: r.label, X: float64(i), Low: r.low, High: r.high})
	}
	c.Series = []site.Series{s}
	return c
}

func timeRanges() site.ChartView {
	c := yearsChart("range", 2014, []string{""}, []float64{0, 0, 0, 0, 0, 0})
	c.ID, c.Unit = "timerange", "fighters"
	for i, r := range [][2]float64{{20000, 31500}, {19000, 25000}, {18000, 22000}, {0, 0}, {14000, 18000}, {5000, 10000}} {
		p := &c.Series[0].Points[i]
		p.Low, p.High, p.Missing = r[0], r[1], r[1] == 0
	}
	return c
}

func dotsChart() site.ChartView {
	c := site.ChartView{ID: "dots", Type: "dot", Title: "More people approve in 2024 than in 2019", Unit: "per cent", Thousands: ",", Decimal: ".", Words: content.LanguageOf("en").UI}
	for n, name := range []string{"2019", "2024"} {
		s := site.Series{Name: name}
		for i, l := range []string{"Baghdad", "Kurdistan Region", "Other governorates of the south"} {
			v := float64(31 + 17*i - 9*n*(i-2))
			s.Points = append(s.Points, site.Point{Label: l, X: float64(i), Y: v, Text: num(v)})
		}
		c.Series = append(c.Series, s)
	}
	return c
}

func barsChart() site.ChartView {
	c := site.ChartView{ID: "bars", Type: "bar", Title: "Most of the troops in the region are not in Iraq", Subtitle: "US troops by country, January 2024", Unit: "troops", Thousands: ",", Decimal: ".", Words: content.LanguageOf("en").UI, CSV: "bars.csv"}
	s := site.Series{}
	for i, r := range []struct {
		label string
		v     float64
		text  string
	}{{"Kuwait", 13500, "about 13,500"}, {"Qatar", 10000, "about 10,000"}, {"Bahrain", 9000, "about 9,000"}, {"United Arab Emirates", 3500, "about 3,500"}, {"Iraq", 2500, "about 2,500"}, {"Syria", 900, "about 900"}, {"Yemen", 0, "none stated"}} {
		s.Points = append(s.Points, site.Point{Label: r.label, X: float64(i), Y: r.v, Text: r.text})
	}
	s.Points[3].Note = "Al Dhafra"
	c.Series = []site.Series{s}
	return c
}

func manyLines() site.ChartView {
	var names []string
	var values [][]float64
	for i := range 7 {
		names = append(names, []string{"Baghdad", "Basra", "Erbil", "Kirkuk", "Nineveh Governorate", "Anbar", "Diyala"}[i])
		var v []float64
		for y := range 12 {
			v = append(v, 1000+float64((y*y*(i+3)*37+i*911)%4000))
		}
		values = append(values, v)
	}
	c := yearsChart("line", 2008, names, values...)
	c.ID, c.Unit = "many", "incidents"
	c.Events = []site.ChartEvent{{Title: "Mosul", X: 2014.5}}
	return c
}

// drawnCharts are the charts with golden drawings.
func drawnCharts() []site.ChartView {
	flat := yearsChart("line", 2015, []string{""}, []float64{95.2, 96.1, 97.4, 96.8, 98})
	flat.ID, flat.Unit = "flat", "per cent of villages"
	months := yearsChart("line", 0, []string{"Attacks on bases"}, nil)
	months.ID, months.Unit, months.Series[0].Name = "months", "attacks", ""
	for i, v := range []float64{2, 31, 38, 52, 61, 20, 0, 0, 1} {
		l := strings.Fields(wordMonths)[(i+9)%12]
		months.Series[0].Points = append(months.Series[0].Points, site.Point{Label: l, ISO: fmt.Sprintf("%d-%02d", 2023+(i+9)/12, (i+9)%12+1), X: 2023 + (float64(i+9)+.5)/12, Y: v, Text: num(v)})
	}
	five := yearsChart("line", 2010, []string{"United States", "United Kingdom", "France", "Australia", "Netherlands"},
		[]float64{10, 12, 14, 18, 25, 30}, []float64{9, 9, 10, 12, 12, 13}, []float64{8, 8, 9, 10, 11, 12}, []float64{7, 7, 8, 9, 10, 11.5}, []float64{2, 2, 1, 1, 1, 1})
	five.ID = "five"
	var crowd = iraqChart()
	crowd.ID = "crowd"
	for i := range 9 {
		crowd.Events = append(crowd.Events, site.ChartEvent{Title: "A rather long name of an event", X: 2014 + float64(i)/9})
	}
	timeDots := yearsChart("dot", 2016, []string{""}, []float64{-3, 4, 12, -8, 5})
	timeDots.ID = "timedots"
	categories := rangesChart()
	categories.ID, categories.Type = "categories", "line"
	for i := range categories.Series[0].Points {
		p := &categories.Series[0].Points[i]
		p.Y, p.Low, p.High = p.High, 0, 0
	}
	return []site.ChartView{iraqChart(), twoLines(), rangesChart(), timeRanges(), dotsChart(), manyLines(), flat, months, five, crowd, timeDots, categories}
}

func TestChartDrawingsMatchGoldens(t *testing.T) {
	for _, c := range drawnCharts() {
		for _, size := range []string{"wide", "narrow"} {
			golden(t, filepath.Join("testdata", "chart", c.ID+"-"+size+".svg"), string(chartSVG(c, size)))
		}
	}
	golden(t, filepath.Join("testdata", "chart", "bars.css"), chartRules([]site.Part{{Chart: ptr(barsChart())}, {HTML: "<p>"}, {Chart: ptr(iraqChart())}, {Chart: ptr(barsChart())}})+"\n")
	golden(t, filepath.Join("testdata", "chart", "alt.txt"), chartAlts())
}

// TestChartPartPrintsEverything runs the layout's part over a drawing and over bars.
func TestChartPartPrintsEverything(t *testing.T) {
	part, err := template.New("chart.html").Funcs(template.FuncMap{
		"svg": chartSVG, "barclass": barClass, "alt": chartAlt, "inc": func(i int) int { return i + 1 },
	}).ParseFiles(filepath.Join("..", "..", "layouts", "parts", "chart.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []site.ChartView{iraqChart(), barsChart()} {
		var b strings.Builder
		if err := part.Execute(&b, &c); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "style=") || strings.Contains(b.String(), "ZgotmplZ") {
			t.Errorf("%s: style attribute or refused value", c.ID)
		}
		golden(t, filepath.Join("testdata", "chart", c.ID+".html"), b.String())
	}
}

func chartAlts() string {
	var b strings.Builder
	for _, c := range append(drawnCharts(), barsChart()) {
		fmt.Fprintf(&b, "%s: %s\n", c.ID, chartAlt(c))
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s\n(go test -update rewrites it)", name, got, want)
	}
}

func ptr[T any](v T) *T { return &v }

// degenerateCharts are charts that nobody should draw but somebody will.
func degenerateCharts() map[string]site.ChartView {
	inf, nan := math.Inf(1), math.NaN()
	cs := map[string]site.ChartView{}
	for _, typ := range []string{"line", "step", "range", "dot", "bar", "nonsense"} {
		for name, v := range map[string][]float64{
			"none": {}, "one": {5}, "equal": {7, 7, 7}, "zero": {0, 0, 0}, "negative": {-5, -10, -2}, "both": {-3, 8, 1},
			"huge": {1e15, 3e15, 2e18}, "vast": {1e300, 1, -1e99}, "tiny": {1e-9, 3e-9, 2e-12}, "missing": {nan, nan},
			"hole": {nan, 4, nan, 6, nan}, "infinite": {inf, -inf, 3}, "near": {1e16, 1e16 + 2, 1e16}, "millions": {1.2e6, 7.5e6, 3e6},
		} {
			c := yearsChart(typ, 1999, []string{""}, v)
			if typ == "range" {
				for i := range c.Series[0].Points {
					p := &c.Series[0].Points[i]
					p.Low, p.High = p.Y*.8, p.Y
				}
			}
			cs[typ+" "+name] = c
			c.Time = false
			cs[typ+" "+name+", categories"] = c
			long := c
			long.Title, long.Unit, long.Time = "<b>unclosed", template.HTMLEscapeString(strings.Repeat("A very long unit & its explanation ", 6)), true
			long.Series = []site.Series{c.Series[0], c.Series[0], c.Series[0]}
			for i := range long.Series {
				long.Series[i].Name = strings.Repeat("Verylongnameofaseries ", i+1) + "</text>"
			}
			long.Events = []site.ChartEvent{{Title: strings.Repeat("W", 90), X: 2000}, {Title: "same day", X: 2000}, {Title: "far", X: 1953}, {Title: "nowhere", X: nan}}
			cs[typ+" "+name+", long words"] = long
		}
	}
	lost := yearsChart("line", 2000, []string{""}, []float64{1, 2, 3})
	for i := range lost.Series[0].Points {
		lost.Series[0].Points[i].X = []float64{nan, 1e300, inf}[i]
	}
	cs["x nowhere"] = lost
	days := yearsChart("step", 2000, []string{""}, []float64{1, 2, 3})
	for i := range days.Series[0].Points {
		days.Series[0].Points[i].X = 2020 + float64(i)*9/366
	}
	cs["days"] = days
	cs["empty"] = site.ChartView{}
	crowd := yearsChart("line", 2000, []string{""}, []float64{1, 2, 3})
	for range 40 {
		crowd.Events = append(crowd.Events, site.ChartEvent{Title: "x", X: 2001})
	}
	cs["forty events in a day"] = crowd
	return cs
}

func TestChartTextIsLegible(t *testing.T) {
	cs := degenerateCharts()
	for _, c := range drawnCharts() {
		cs[c.ID] = c
	}
	for name, c := range cs {
		for _, size := range []string{"wide", "narrow"} {
			svg := string(chartSVG(c, size))
			for _, p := range drawingProblems(svg, size) {
				t.Errorf("%s, %s: %s", name, size, p)
			}
			if again := string(chartSVG(c, size)); again != svg {
				t.Errorf("%s, %s: drawn twice, differs", name, size)
			}
		}
	}
}

// drawingProblems lists what is wrong with a drawing: text outside it, text on text, small text, numbers that are none, ids
// that lead nowhere, style attributes, a size that is not the one asked for.
func drawingProblems(svg, size string) []string {
	var ps []string
	say := func(f string, args ...any) { ps = append(ps, fmt.Sprintf(f, args...)) }
	if regexp.MustCompile(`NaN|Inf|[="\s]-?\d+e[+-]?\d`).MatchString(regexp.MustCompile(`>[^<]*<`).ReplaceAllString(svg, "><")) {
		say("a number that is none")
	}
	if strings.Contains(svg, "style=") {
		say("style attribute")
	}
	limit, width := 13.0, 640.0
	if size == "narrow" {
		limit, width = 12.5, 320
	}
	var viewbox [4]float64
	type placed struct {
		box
		text string
	}
	var texts []placed
	ids := map[string]bool{}
	var refs []string
	sizes := []float64{0}
	var current *placed
	var anchor string
	var x, y float64
	role := ""
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			say("not XML: %v", err)
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
			}
			fs := sizes[len(sizes)-1]
			if v, ok := attr["font-size"]; ok {
				fs, _ = strconv.ParseFloat(v, 64)
			}
			sizes = append(sizes, fs)
			if attr["id"] != "" {
				ids[attr["id"]] = true
			}
			switch e.Name.Local {
			case "svg":
				role = attr["role"]
				refs = strings.Fields(attr["aria-labelledby"])
				for i, f := range strings.Fields(attr["viewBox"]) {
					viewbox[i], _ = strconv.ParseFloat(f, 64)
				}
			case "text":
				x, _ = strconv.ParseFloat(attr["x"], 64)
				y, _ = strconv.ParseFloat(attr["y"], 64)
				anchor = attr["text-anchor"]
				current = &placed{}
				if fs < limit {
					say("text of %v units, less than %v", fs, limit)
				}
			}
		case xml.CharData:
			if current != nil {
				current.text += string(e)
			}
		case xml.EndElement:
			if e.Name.Local == "text" {
				fs := sizes[len(sizes)-1]
				w := float64(len([]rune(current.text))) * .6 * fs
				switch anchor {
				case "middle":
					x -= w / 2
				case "end":
					x -= w
				}
				current.box = box{x, y - .78*fs, x + w, y + .22*fs}
				texts = append(texts, *current)
				current = nil
			}
			sizes = sizes[:len(sizes)-1]
		}
	}
	if viewbox[2] != width || viewbox[3] < 20 || viewbox[3] > 1500 {
		say("viewBox %v", viewbox)
	}
	if role != "img" || len(refs) != 2 {
		say("no role or name")
	}
	for _, r := range refs {
		if !ids[r] {
			say("no element with id %q", r)
		}
	}
	if len(texts) == 0 {
		say("no text at all")
	}
	const hair = .02 // coordinates are rounded
	edge := box{-hair, -hair, viewbox[2] + hair, viewbox[3] + hair}
	for i, a := range texts {
		if !a.within(edge) {
			say("%q leaves the drawing: %v", a.text, a.box)
		}
		for _, b := range texts[:i] {
			if a.grow(-hair).hits(b.box) {
				say("%q covers %q", a.text, b.text)
			}
		}
	}
	return ps
}

// TestChartChecksCanFail breaks a good drawing in every way that drawingProblems should notice.
func TestChartChecksCanFail(t *testing.T) {
	good := string(chartSVG(iraqChart(), "narrow"))
	if ps := drawingProblems(good, "narrow"); len(ps) > 0 {
		t.Fatalf("the good drawing has problems: %q", ps)
	}
	for _, x := range []struct{ from, to, want string }{
		{`font-size="14"`, `font-size="11"`, "less than 12.5"},
		{`</svg>`, `<text x="300" y="50">outside</text></svg>`, "leaves the drawing"},
		{`</svg>`, `<text x="-1" y="50">a</text></svg>`, "leaves the drawing"},
		{`</svg>`, `<text x="20" y="5">a</text></svg>`, "leaves the drawing"},
		{`</svg>`, `<text x="100" y="150">one</text><text x="110" y="155">two</text></svg>`, `"two" covers "one"`},
		{` d="M`, ` d="MNaN `, "a number that is none"},
		{`<circle `, `<circle cx="1e+300" `, "a number that is none"},
		{`<desc id="troops-`, `<desc id="x-`, "no element with id"},
		{`role="img"`, ``, "no role"},
		{`<circle `, `<circle style="fill:red" `, "style attribute"},
		{`</svg>`, ``, "not XML"},
		{`0 0 320`, `0 0 640`, "viewBox"},
	} {
		bad := strings.Replace(good, x.from, x.to, 1)
		if bad == good {
			t.Errorf("%q is not in the drawing", x.from)
		}
		if got := strings.Join(drawingProblems(bad, "narrow"), "\n"); !strings.Contains(got, x.want) {
			t.Errorf("with %q for %q: got problems %q, want %q", x.to, x.from, got, x.want)
		}
	}
}
