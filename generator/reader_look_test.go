package main

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"gloss/generator/build"
	"gloss/generator/site"
)

// chartPages lists the pages of a site that hold charts.
func chartPages(r *build.Result) []string {
	var out []string
	for _, p := range sectionsOf(r) {
		if strings.Contains(string(r.Files[site.OutputPath(p)]), `<figure class="chart`) {
			out = append(out, p)
		}
	}
	return out
}

// readerLook holds colours, charts, focus and direction to the checklist; r reads the site of the repository, f the ferry.
func readerLook(t *testing.T, r, f *reader, sites map[*reader]*build.Result) {
	docs, bridge := ownSite(t, "docs"), arabic(t)
	guide := newReaderOf(t, r, docs, "/").measured()
	right := newReaderOf(t, r, bridge, "/jisr/").measured()
	drawn := map[*reader][]string{r: chartPages(sites[r]), f: chartPages(sites[f]), guide: chartPages(docs)}
	section := longest(sites[f])

	for _, r := range []*reader{r, f, guide} {
		r.once(t, "063_charts_give_their_numbers", func(r *reader) {
			if len(drawn[r]) == 0 {
				r.Fatal("no page has a chart")
			}
			for _, p := range drawn[r] {
				r.visit(p, 1280)
				r.none(p, `Promise.all(m.all("figure.chart").map(async fig => { const out = [], say = s => out.push(fig.id + " " + s), title = document.getElementById(fig.getAttribute("aria-labelledby"));
					if (!title || title.textContent.trim().split(/\s+/).length < 3 || !m.seen(title)) say("has no finding as its title");
					if (!m.all(".chart-foot a[href*='sources/#']", fig).some(m.seen)) say("shows no source");
					fig.querySelector("details")?.setAttribute("open", "");
					const table = fig.querySelector("table");
					if (!table?.caption?.textContent.trim() || !m.seen(table)) { say("has no table with a caption"); return out }
					for (const th of m.all("th", table)) if (!/^(col|row|colgroup|rowgroup)$/.test(th.scope)) say("has a heading without scope: " + th.textContent);
					const number = s => s.match(/\d[\d,.]*/g)?.map(n => n.replaceAll(",", "").replace(/[.]$/, "")) ?? [];
					const rows = m.all("tr", table).filter(tr => tr.querySelector("td")).map(tr => { const td = tr.querySelector("td").cloneNode(true); td.querySelector("small")?.remove(); return number(td.textContent) }), shown = rows.flat();
					const a = m.all("a[href$='.csv']", fig)[0];
					if (!a) { say("has no CSV"); return out }
					const answer = await fetch(a.href);
					if (!answer.ok) { say("has a CSV that answers " + answer.status); return out }
					const [head, ...lines] = (await answer.text()).trim().split(/\r?\n/).map(l => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(x => x[1] ?? x[2]));
					const cells = lines.flatMap(l => l).flatMap(number);
					if (!shown.length) say("shows no numbers");
					for (const n of shown) if (!cells.includes(n)) say("shows " + n + ", which its CSV lacks: " + head.join());
					if (lines.length !== rows.length) say("shows " + rows.length + " rows, its CSV has " + lines.length);
					return out })).then(all => all.flat())`)
			}
		})
	}

	for _, r := range []*reader{r, f, guide} {
		r.sub(t, "064_words_of_charts", func(r *reader) {
			for _, p := range drawn[r] {
				r.visit(p, 1280)
				for _, width := range []int64{320, 390, 700, 1280} {
					r.wide(width)
					r.none(p, `m.all("figure.chart").flatMap(fig => { const out = m.overlaps(fig), box = fig.getBoundingClientRect(); let n = 0;
						for (const {n: node, e, rects} of m.texts(fig)) { n++;
							const size = parseFloat(m.css(e).fontSize) * (e instanceof SVGElement ? e.getScreenCTM().d : 1);
							if (size < 12) out.push(size.toFixed(1) + " px: " + m.quote(node.data));
							for (const r of rects) if (!e.closest(".scroll") && (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)) out.push("leaves the figure: " + m.quote(node.data)) }
						if (n < 3) out.push("has " + n + " words");
						return out.map(s => "%d wide: " + fig.id + ": " + s) })`, width)
				}
			}
		})
	}

	f.once(t, "066_series_differ", func(r *reader) {
		for _, scheme := range []string{"light", "dark"} {
			r.scheme(scheme)
			r.visit(section, 1280)
			colours := js[[][4]float64](r, `[1, 2, 3, 4, 5].map(n => m.rgba(m.css(document.querySelector(".for-wide .s" + n + " .line")).stroke))`)
			ground := js[[4]float64](r, `m.behind(document.querySelector("figure.chart"))`)
			least := math.Inf(1)
			for i, c := range colours {
				if got := contrast(c, ground); got < 3 {
					r.Errorf("%s: series %d has %.2f:1 on its ground", scheme, i+1, got)
				}
				for j := range i {
					for sight, m := range sights {
						d := deltaE(seenBy(m, c), seenBy(m, colours[j]))
						least = min(least, d)
						if d < 20 {
							r.Errorf("%s: series %d and %d differ by %.1f under %s", scheme, j+1, i+1, d, sight)
						}
					}
				}
			}
			t.Logf("%s: the smallest difference is %.1f", scheme, least)
			// Each has a dash and a mark of its own, and its name at its end.
			if got := js[[]int](r, `(() => { const own = of => new Set([1, 2, 3, 4, 5].map(of)).size, g = n => m.all(".for-wide .s" + n)[0], first = n => g(n).querySelector(".mark, .hollow"); return [own(n => m.css(g(n).querySelector(".line")).strokeDasharray), own(n => first(n).tagName + (first(n).getAttribute("d") ?? "").replace(/[-\d.]+/g, "") + m.css(first(n)).strokeWidth), m.all(".for-wide .name").length] })()`); fmt.Sprint(got) != "[5 5 5]" {
				r.Errorf("%s: dashes, marks, names: %v", scheme, got)
			}
		}
		r.scheme("light")
	})

	for _, r := range []*reader{r, f} {
		r.once(t, "069_contrast", func(r *reader) {
			// Seven to one where text stands on the ground of the page, 4.5 on whatever else.
			const need = `(e, ground) => ground.join() === (m.ground ??= m.behind(document.body).join()) && (e.matches("main > p, main > p *, main > ul *, main > ol *, .meta, .meta *, a") && !e.closest(".tag, .js-card, svg")) ? 7 : 4.5`
			pages := oneOfEach(sites[r])
			if r != f { // the ferry has the rest, and is small
				pages = []string{"", longest(sites[r])}
			}
			for _, p := range pages {
				r.visit(p, 1280)
				js[bool](r, opened)
				for _, scheme := range []string{"light", "dark"} {
					r.scheme(scheme)
					r.none(p, `(m.ground = null, m.contrasts(document.body, %s).map(s => "%s: " + s))`, need, scheme)
				}
			}
			for _, scheme := range []string{"light", "dark"} {
				r.scheme(scheme)
				p := longest(sites[r])
				r.visit(p, 1280)
				for _, sel := range []string{"main > p[id^=b-]", "main .box", "main figure[id]", ".sources li"} {
					js[bool](r, `(location.hash = document.querySelector(%q).id, true)`, sel)
					r.wait(`document.querySelector(":target") && m.rgba("Canvas") && m.behind(document.querySelector(":target")).join() !== m.behind(document.body).join()`)
					r.none(p, `m.contrasts(document.querySelector(":target"), %s).map(s => "%s, highlighted: " + s)`, need, scheme)
				}
				for _, link := range []string{entityLink, factLink} {
					r.hover(link)
					js[bool](r, "Promise.all(document.getAnimations().map(a => a.finished)).then(() => true)")
					r.none(p, `m.contrasts(card(), () => 4.5).map(s => "%s, card: " + s)`, scheme)
					r.away()
				}
			}
			r.scheme("light")
		})
	}

	f.once(t, "070_the_focus_is_seen", func(r *reader) {
		for _, c := range []struct {
			page   string
			width  int64
			scheme string
		}{{"", 1280, "light"}, {section, 390, "dark"}, {"timeline/", 390, "light"}, {"facts/", 1280, "dark"}} {
			r.scheme(c.scheme)
			r.visit(c.page, c.width)
			want := js[int](r, `m.controls().filter(e => e.tabIndex >= 0).length`)
			reached := 0
			for range want + 20 {
				r.key(kb.Tab)
				got := js[[]string](r, `new Promise(done => requestAnimationFrame(() => done((() => { const e = document.activeElement, out = [];
					if (e === document.body || e.done) return ["end"];
					e.done = !e.matches(".js-link"); // the one link to a block comes along
					const s = m.css(e), ground = m.behind(e.parentElement), what = m.name(e) + " " + m.quote(e.textContent) + " ";
					if (s.outlineStyle !== "solid" || parseFloat(s.outlineWidth) < 3) out.push(what + "has the outline " + s.outline);
					if (m.ratio(m.over(m.rgba(s.outlineColor), ground), ground) < 3) out.push(what + "has an outline of little contrast");
					const boxes = [...e.getClientRects()].filter(b => b.width && b.top < innerHeight && b.bottom > 0 && b.left < innerWidth && b.right > 0);
					if (!boxes.some(b => [[.5, .5], [.1, .5], [.9, .5]].some(([x, y]) => { const hit = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, b.left + b.width * x)), Math.min(innerHeight - 1, Math.max(0, b.top + b.height * y))); return hit && (e.contains(hit) || hit.contains(e)) }))) out.push(what + "is hidden or out of view");
					return out })())))`)
				if fmt.Sprint(got) == "[end]" {
					break
				}
				reached++
				for _, bad := range got {
					r.Errorf("/%s, %d wide, %s: %s", c.page, c.width, c.scheme, bad)
				}
			}
			if left := js[[]string](r, `m.controls().filter(e => e.tabIndex >= 0 && !e.done).map(e => m.name(e) + " " + m.quote(e.textContent))`); len(left) > 0 {
				r.Errorf("/%s, %d wide: of %d stops %d are reached, not %q", c.page, c.width, want, reached, left)
			}
		}
		r.scheme("light")
	})

	right.sub(t, "081_from_right_to_left", func(r *reader) {
		for _, p := range oneOfEach(bridge) {
			r.visit(p, 320)
			for _, width := range []int64{320, 1024, 1280} {
				r.wide(width)
				r.none(p, `m.sideways().map(s => "%d wide: " + s)`, width)
			}
		}
		p := sectionsOf(bridge)[0]
		r.visit(p, 1280)
		r.none(p, `(() => { const at = s => document.querySelector(s).getBoundingClientRect(), text = at("main p[id^=b-]"), side = (s, pseudo) => { const c = m.css(document.querySelector(s), pseudo); return parseFloat(c.borderRightWidth) > parseFloat(c.borderLeftWidth) };
			const bar = document.querySelector(".bars td"), from = m.css(bar, "::before");
			return Object.entries({
				"the contents": at(".contents").left > text.right, "a note": at("aside.note").right < text.left, "a box": side(".box"), "the answer": side(".answer"),
				"a bar": side(".bars td") && parseFloat(from.inlineSize) > 20 && bar.getBoundingClientRect().right - bar.querySelector("a").getBoundingClientRect().right >= parseFloat(from.inlineSize) - 1,
				"the way on": at(".pager .next").left < at("main").left + 10,
			}).filter(([, ok]) => !ok).map(([what]) => what + " is not mirrored") })()`)
		r.hover("main p a.e")
		if got := js[float64](r, `card().getBoundingClientRect().right - target.getClientRects()[0].right`); math.Abs(got) > 1 {
			r.Errorf("the card begins %.0f px beside its link", got)
		}
		r.away()
		r.visit("timeline/", 390)
		r.none("timeline/", `(() => { const e = document.querySelector(".ev"), s = m.css(e), dot = m.css(e, "::before"); return parseFloat(s.borderRightWidth) > 1 && parseFloat(s.borderLeftWidth) === 0 && parseFloat(s.paddingRight) > 15 && parseFloat(dot.right) < 0 ? [] : ["the line is not mirrored"] })()`)
	})

	t.Run("081_no_left_and_no_right", func(t *testing.T) {
		physical := regexp.MustCompile(`(?:margin|padding|border|inset)-(?:left|right)|[{;\s](?:left|right)\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)`)
		style := regexp.MustCompile(`(?s)<style>.*?</style>`)
		for _, of := range sites {
			for name, data := range of.Files {
				css := ""
				switch {
				case strings.HasSuffix(name, ".css"):
					css = string(data)
				case strings.HasSuffix(name, ".html"):
					css = style.FindString(string(data))
				}
				for _, m := range physical.FindAllString(css, -1) {
					t.Errorf("%s says %q", name, m)
				}
			}
		}
	})

	// What follows a name in another script must stand after it, as the text around it runs.
	const after = `(() => { const out = [], range = document.createRange(), rtl = document.documentElement.dir === "rtl"; let n = 0;
		const box = (node, from, to) => { range.setStart(node, from); range.setEnd(node, to); return range.getBoundingClientRect() };
		for (const b of m.all("main bdi[lang]")) { const next = b.nextSibling, prev = b.previousSibling, r = b.getBoundingClientRect();
			if (b.getClientRects().length > 1) continue;
			const chars = next?.nodeType === 3 ? [...next.data.slice(0, 9)].map((c, i) => [c, box(next, i, i + 1)]).filter(([c, x]) => c.trim() && x.top < r.bottom && x.bottom > r.top) : [];
			for (const [c, x] of chars) { n++; if (rtl ? x.right > r.left + 1 : x.left < r.right - 1) out.push(m.quote(c) + " stands before " + m.quote(b.textContent)) }
			if (prev?.nodeType === 3 && prev.data.trim()) { const i = prev.data.trimEnd().length, x = box(prev, i - 1, i); if (x.top < r.bottom && x.bottom > r.top) { n++; if (rtl ? x.left < r.right - 1 : x.right > r.left + 1) out.push(m.quote(prev.data[i - 1]) + " stands after " + m.quote(b.textContent)) } }
		}
		if (n < 4) out.push("only " + n + " neighbours");
		return out })()`
	for _, r := range []*reader{f, right} {
		r.sub(t, "082_names_in_another_script", func(r *reader) {
			p := map[*reader]string{f: section, right: ""}[r]
			r.visit(p, 1280)
			r.none(p, after)
			// Without isolation they do change places, at a width at which two of them stand on one line: the text puts it to
			// the test.
			js[bool](r, `(m.all("main bdi[lang]").forEach(b => { b.style.unicodeBidi = "normal"; b.removeAttribute("dir") }), true)`)
			moved := r.root != f.root
			for _, width := range []int64{1280, 1000, 800, 700, 600, 500, 390} {
				r.wide(width)
				moved = moved || slices.ContainsFunc(js[[]string](r, after), func(bad string) bool { return !strings.HasPrefix(bad, "only ") })
			}
			if !moved {
				r.Error("the names stand right without isolation, too: this proves nothing")
			}
		})
	}
}

// The sights are what people with a missing kind of cone see of a colour, as a matrix over linear light (Machado,
// Oliveira and Fernandes 2009, severity 1).
var sights = map[string][3][3]float64{
	"all cones":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{.152286, 1.052583, -.204868}, {.114503, .786281, .099216}, {-.003882, -.048116, 1.051998}},
	"deuteranopia": {{.367322, .860646, -.227968}, {.280085, .672501, .047413}, {-.011820, .042940, .968881}},
	"tritanopia":   {{1.255528, -.076749, -.178779}, {-.078411, .930809, .147602}, {.004733, .691367, .303900}},
}

// linear is a colour of 0…255 as amounts of light.
func linear(c [4]float64) [3]float64 {
	var out [3]float64
	for i := range out {
		if v := c[i] / 255; v <= .04045 {
			out[i] = v / 12.92
		} else {
			out[i] = math.Pow((v+.055)/1.055, 2.4)
		}
	}
	return out
}

func contrast(a, b [4]float64) float64 {
	bright := func(c [4]float64) float64 { l := linear(c); return .2126*l[0] + .7152*l[1] + .0722*l[2] + .05 }
	return max(bright(a)/bright(b), bright(b)/bright(a))
}

// seenBy is the light that is left of a colour.
func seenBy(m [3][3]float64, c [4]float64) [3]float64 {
	l, out := linear(c), [3]float64{}
	for i := range out {
		out[i] = min(1, max(0, m[i][0]*l[0]+m[i][1]*l[1]+m[i][2]*l[2]))
	}
	return out
}

// deltaE is the distance of two lights in CIELAB (ΔE76).
func deltaE(a, b [3]float64) float64 {
	lab := func(l [3]float64) [3]float64 {
		f := func(t float64) float64 {
			if t > 216./24389 {
				return math.Cbrt(t)
			}
			return (24389./27*t + 16) / 116
		}
		x := f((.4124564*l[0] + .3575761*l[1] + .1804375*l[2]) / .95047)
		y := f(.2126729*l[0] + .7151522*l[1] + .0721750*l[2])
		z := f((.0193339*l[0] + .1191920*l[1] + .9503041*l[2]) / 1.08883)
		return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
	}
	p, q := lab(a), lab(b)
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}
