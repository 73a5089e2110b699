package content

import "strings"

// This file lists the commands of TeX that stand for signs: those of LaTeX's kernel, of textcomp, of babel's quotation marks,
// and the mathematics that titles have.

// texMarks are the accents, as combining marks.
var texMarks = map[string]string{
	"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", `"`: "\u0308",
	"h": "\u0309", "r": "\u030A", "H": "\u030B", "v": "\u030C", "U": "\u030E", "G": "\u030F", "f": "\u0311", "d": "\u0323",
	"c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361", "textcommabelow": "\u0326", "textcommaabove": "\u0313",
	"bar": "\u0304", "overline": "\u0305", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "vec": "\u20D7", "dot": "\u0307",
	"ddot": "\u0308", "acute": "\u0301", "grave": "\u0300", "check": "\u030C", "breve": "\u0306", "mathring": "\u030A", "newtie": "\u0311", "capitalbreve": "\u0306",
}

// texSwitches change the rest of their group, texWraps their argument.
var texSwitches = map[string]string{
	"em": "i", "it": "i", "itshape": "i", "sl": "i", "slshape": "i", "bf": "b", "bfseries": "b", "sc": "sc", "scshape": "sc",
	"rm": "plain", "rmfamily": "plain", "sf": "plain", "sffamily": "plain", "tt": "plain", "ttfamily": "plain", "upshape": "plain", "mdseries": "plain", "normalfont": "plain",
	"tiny": "plain", "small": "plain", "footnotesize": "plain", "large": "plain", "Large": "plain", "normalsize": "plain", "cal": "plain",
}

var texWraps = func() map[string]string {
	out := map[string]string{"textsuperscript": "sup", "mkbibsuperscript": "sup", "textsubscript": "sub", "mkbibsubscript": "sub", "textsc": "sc", "mkbibacro": "sc", "textsmaller": "plain"}
	for _, n := range strings.Fields("emph textit textsl mkbibemph mkbibitalic mkbibitem textem mathit") {
		out[n] = "i"
	}
	for _, n := range strings.Fields("textbf mkbibbold strong mathbf mathbfit boldsymbol bm pmb") {
		out[n] = "b"
	}
	for _, n := range strings.Fields(`text textrm textsf texttt textup textmd textnormal textlf textos oldstylenums mbox hbox fbox makebox underline uline ul underbar
		mathrm mathsf mathtt mathcal mathfrak mathscr mathnormal mathop mathbin mathrel operatorname NoCaseChange bibstring bibcpstring biblstring bibsstring autocap
		mkbibnamefamily mkbibnamegiven natexlab textlatin textgreek textcyrillic textcyr mkbibordinal mkbibdateshort nohyphens protectedtext nobreak textln mkbibno BibTitle surnamestart lastname`) {
		out[n] = "plain"
	}
	return out
}()

var texAround = map[string][2]string{"mkbibparens": {"(", ")"}, "mkbibbrackets": {"[", "]"}, "parentext": {"(", ")"}, "brackettext": {"[", "]"}, "glqqquote": {"„", "“"}}

var doubleStruck = strings.NewReplacer("R", "ℝ", "N", "ℕ", "Z", "ℤ", "Q", "ℚ", "C", "ℂ", "P", "ℙ", "H", "ℍ")

// texSymbols are commands that stand for themselves: pairs of a name and a text, and names without one.
var texSymbols = func() map[string]string {
	out := map[string]string{"textasciigrave": "`"}
	f := strings.Fields(`ss ß SS SS o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ aa å AA Å dh ð DH Ð dj đ DJ Đ th þ TH Þ ng ŋ NG Ŋ i ı j ȷ imath ı jmath ȷ
		S § P ¶ copyright © pounds £ euro € EUR € dag † ddag ‡ dots … ldots … slash /
		texteuro € textsterling £ textyen ¥ textcent ¢ textwon ₩ textrupee ₹ textlira ₤ textpeso ₱ textdong ₫ textbaht ฿ textcurrency ¤ textflorin ƒ textdollar $
		textellipsis … textendash – textemdash — textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” quotedblbase „ quotesinglbase ‚ glqq „ grqq “ glq ‚ grq ‘
		flqq « frqq » flq ‹ frq › guillemotleft « guillemotright » guillemetleft « guillemetright » guilsinglleft ‹ guilsinglright › textquotesingle ' textquotedbl " dq " textasciiacute ´
		textbackslash \ textasciitilde ~ textasciicircum ^ textbar | textless < textgreater > textunderscore _ textbraceleft { textbraceright } lbrace { rbrace } textexclamdown ¡ textquestiondown ¿
		textdegree ° degree ° textbullet • textregistered ® texttrademark ™ textcopyright © textordfeminine ª textordmasculine º textonehalf ½ textonequarter ¼ textthreequarters ¾
		textonesuperior ¹ texttwosuperior ² textthreesuperior ³ textpm ± texttimes × textdiv ÷ textmu µ textmicro µ textperiodcentered · textminus − textnumero № textnumerosign № textcelsius ℃ textohm Ω textsection § textparagraph ¶
		textperthousand ‰ textpertenthousand ‱ textasteriskcentered ∗ textdagger † textdaggerdbl ‡ textbardbl ‖ textbrokenbar ¦ textlnot ¬ textfractionsolidus ⁄ textinterrobang ‽ textestimated ℮ textreferencemark ※
		textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓ textasciidieresis ¨ textasciimacron ¯ textasciibreve ˘ textasciicaron ˇ textopenbullet ◦ textmusicalnote ♪ textleaf ☙ textschwa ə textturnm ɯ texthash #
		textprime ′ textdblprime ″ textquotestraightbase ‚ textquotestraightdblbase „ textcelsius ℃ ogonek ˛ cedilla ¸ nobreakdash ‑ bibrangedash – textrangedash – hyphen ‐ textsoftsign ь
		LaTeX LaTeX TeX TeX BibTeX BibTeX LaTeXe LaTeX2ε XeTeX XeTeX XeLaTeX XeLaTeX LuaTeX LuaTeX LuaLaTeX LuaLaTeX pdfTeX pdfTeX pdfLaTeX pdfLaTeX ConTeXt ConTeXt MF METAFONT AmS AMS
		alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω
		Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ Omicron Ο Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω
		textalpha α textbeta β textgamma γ textdelta δ textepsilon ε textlambda λ textpi π textsigma σ textomega ω upmu µ
		times × cdot · pm ± mp ∓ div ÷ le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ lt < gt > approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ infty ∞ ll ≪ gg ≫
		to → rightarrow → longrightarrow ⟶ leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ uparrow ↑ downarrow ↓ mapsto ↦ rightleftharpoons ⇌
		in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ emptyset ∅ varnothing ∅ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ wedge ∧ vee ∨
		partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ oint ∮ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ circ ∘ prime ′ bullet • star ⋆ ast ∗ oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙
		mid ∣ vert | Vert ‖ lvert | rvert | parallel ∥ perp ⊥ angle ∠ triangle △ square □ Box □ Diamond ◇ lozenge ◊ diamond ⋄ sharp ♯ flat ♭ natural ♮ clubsuit ♣ heartsuit ♥ spadesuit ♠ diamondsuit ♦ checkmark ✓ dagger † ddagger ‡
		cdots ⋯ vdots ⋮ ddots ⋱ colon : backslash \ surd √ models ⊨ vdash ⊢ dashv ⊣ top ⊤ bot ⊥ lesssim ≲ gtrsim ≳ doteq ≐ prec ≺ succ ≻ wp ℘ mho ℧ Omegaup Ω micro µ
		log log ln ln lg lg exp exp sin sin cos cos tan tan cot cot arcsin arcsin arccos arccos arctan arctan sinh sinh cosh cosh tanh tanh max max min min sup sup inf inf lim lim limsup limsup liminf liminf
		det det dim dim ker ker gcd gcd deg deg Pr Pr arg arg hom hom mod mod bmod mod
		bibopenparen ( bibcloseparen ) bibopenbracket [ bibclosebracket ] adddot . addperiod . addcomma , addcolon : addsemicolon ; bibinitperiod . addhyphen - and and`)
	for i := 0; i+1 < len(f); i += 2 {
		out[f[i]] = f[i+1]
	}
	for _, n := range strings.Fields(`protect relax null xspace leavevmode noindent centering sloppy ignorespaces unskip allowbreak break nolinebreak displaystyle textstyle scriptstyle limits nolimits left right big Big bigl bigr Bigl Bigr
		bigg Bigg middle isdot nopunct textcompwordmark itshape fi par bgroup egroup strut nopagebreak nocorr string sp @ midsentence hskip`) {
		out[n] = ""
	}
	for _, n := range strings.Fields("space quad qquad newline linebreak par enspace enskip thinspace medspace thickspace addspace addthinspace bibinitdelim addlowpenspace addhighpenspace newblock") {
		out[n] = " "
	}
	for _, n := range strings.Fields("nobreakspace addnbspace addnbthinspace textnonbreakingspace nobreakthinspace") {
		out[n] = "\u00A0"
	}
	return out
}()
