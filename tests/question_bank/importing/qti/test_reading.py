"""Items of QTI, in the spellings of 2.x and of 3.0: imported as they were meant, or refused at their line."""

import pytest

from question_bank.importing.bank_file import BankReading
from question_bank.importing.qti import is_qti, read_qti
from question_bank.items import TRUE_FALSE_OPTIONS, Item, Kind
from tests.question_bank.importing.qti.packing import (
    choice,
    in_v3,
    item_xml,
    manifest,
    packed,
    resource,
    response,
)
from tests.question_bank.importing.test_markup import png


@pytest.fixture(params=["2.x", "3.0"])
def spelled(request: pytest.FixtureRequest) -> object:
    """Turns an item of 2.x into the spelling under test."""
    return in_v3 if request.param == "3.0" else bytes


def one(raw: bytes, spelled: object) -> Item:
    reading = read_qti(spelled(raw))  # type: ignore[operator]
    assert [problem.code for problem in reading.problems] == []
    (item,) = reading.items
    return item


def codes(reading: BankReading) -> list[str]:
    return [problem.code for problem in reading.problems]


def refused(raw: bytes, spelled: object) -> list[str]:
    reading = read_qti(spelled(raw))  # type: ignore[operator]
    assert not reading.items
    assert all(problem.row for problem in reading.problems)
    assert {problem.column for problem in reading.problems} == {"q1"}
    return codes(reading)


def processing(inside: str) -> str:
    condition = f"<responseCondition><responseIf>{inside}</responseIf></responseCondition>"
    return f"<responseProcessing>{condition}</responseProcessing>"


VARIABLE = '<variable identifier="R"/>'
ENTRY = '<p>甲<textEntryInteraction responseIdentifier="R"/>乙</p>'


def match_set(names: str, most: int) -> str:
    choices = (
        f'<simpleAssociableChoice identifier="{name}" matchMax="{most}">{name}.</simpleAssociableChoice>'
        for name in names
    )
    return f"<simpleMatchSet>{''.join(choices)}</simpleMatchSet>"


PAIRS = match_set("AB", 1) + match_set("DEF", 2)
MATCH = f'<matchInteraction responseIdentifier="R"><prompt>配</prompt>{PAIRS}</matchInteraction>'
GAPS = (
    '<gapMatchInteraction responseIdentifier="R"><prompt>填</prompt><gapText identifier="W">冬</gapText>'
    '<gapText identifier="S">夏</gapText><gapText identifier="X">春</gapText>'
    '<p>一<gap identifier="G1"/>二<gap identifier="G2"/></p></gapMatchInteraction>'
)


def inline(name: str, *texts: str) -> str:
    choices = "".join(f'<inlineChoice identifier="{text}">{text}</inlineChoice>' for text in texts)
    return f'<inlineChoiceInteraction responseIdentifier="{name}">{choices}</inlineChoiceInteraction>'


class TestChoices:
    def test_single(self, spelled: object) -> None:
        item = one(item_xml(response("B"), "<p>看图</p>" + choice("甲", "乙", "丙") + "<p>后</p>"), spelled)
        assert (item.kind, item.stem, item.options, item.key) == (
            Kind.SINGLE,
            "看图\n选哪个？\n后",
            ("甲", "乙", "丙"),
            (1,),
        )
        assert item.code == "q1"

    def test_multiple(self, spelled: object) -> None:
        item = one(
            item_xml(response("C", "A", cardinality="multiple"), choice("甲", "乙", "丙", most=0)), spelled
        )
        assert (item.kind, item.key) == (Kind.MULTIPLE, (0, 2))

    @pytest.mark.parametrize(
        ("first", "second", "key", "verdict"),
        [
            ("True", "False.", "A", 0),
            ("错", "对", "A", 1),
            ("正确", "错误", "B", 1),
            ("Incorrect", "Correct", "B", 0),
            ("√", "×", "A", 0),
        ],
    )
    def test_true_and_false_in_any_spelling(
        self, first: str, second: str, key: str, verdict: int, spelled: object
    ) -> None:
        item = one(item_xml(response(key), choice(first, second)), spelled)
        assert (item.kind, item.options, item.key) == (Kind.TRUE_FALSE, TRUE_FALSE_OPTIONS, (verdict,))

    @pytest.mark.parametrize(
        "texts", [("是", "否"), ("1", "0"), ("True", "True, but"), ("对", "错", "不知道")]
    )
    def test_what_only_looks_like_a_verdict_stays_single(
        self, texts: tuple[str, ...], spelled: object
    ) -> None:
        item = one(item_xml(response("A"), choice(*texts)), spelled)
        assert (item.kind, item.options) == (Kind.SINGLE, texts)

    def test_of_words_in_a_text(self, spelled: object) -> None:
        body = (
            '<hottextInteraction responseIdentifier="R" maxChoices="1"><p>他<hottext identifier="A">们</hottext>是'
            '<hottext identifier="B">个</hottext></p></hottextInteraction>'
        )
        item = one(item_xml(response("B"), body), spelled)
        assert (item.kind, item.options, item.key) == (Kind.SINGLE, ("们", "个"), (1,))
        assert item.stem == "他<u>们</u>是<u>个</u>"

    def test_in_a_line(self, spelled: object) -> None:
        item = one(item_xml(response("乙"), f"<p>选{inline('R', '甲', '乙')}。</p>"), spelled)
        assert (item.kind, item.stem, item.key) == (Kind.SINGLE, "选____。", (1,))

    def test_right_by_their_mapping(self, spelled: object) -> None:
        mapping = '<mapEntry mapKey="B" mappedValue="2"/><mapEntry mapKey="A" mappedValue="0.5"/>'
        item = one(item_xml(response(mapping=mapping), choice("甲", "乙")), spelled)
        assert item.key == (1,)

    @pytest.mark.parametrize(
        ("declared", "body", "code"),
        [
            (response(), choice("甲", "乙"), "missing_key"),
            (response("Z"), choice("甲", "乙"), "unknown_identifier"),
            (response("A", "B"), choice("甲", "乙"), "several_answers"),
            (response("A"), choice("甲"), "too_few_options"),
            (response("A"), choice(*"一二三四五六七八九"), "too_many_options"),
            (response("A"), choice("甲", "甲"), "duplicate_option"),
            (response("A"), choice("甲", " "), "empty_option"),
            (response("A"), choice("甲", "乙").replace('"B"', '"A"'), "duplicate_identifier"),
            ("", choice("甲", "乙"), "missing_response"),
            (response("A"), choice("甲", "乙", prompt="") + "<p/>", "empty_stem"),
        ],
    )
    def test_with_a_fault_are_refused(self, declared: str, body: str, code: str, spelled: object) -> None:
        assert refused(item_xml(declared, body, attributes=""), spelled) == [code]

    def test_without_a_text_take_the_title(self, spelled: object) -> None:
        assert one(item_xml(response("A"), choice("甲", "乙", prompt="")), spelled).stem == "题"


class TestBlanks:
    def test_take_the_key_and_what_is_worth_as_much(self, spelled: object) -> None:
        mapping = "".join(
            f'<mapEntry mapKey="{key}" mappedValue="{value}" caseSensitive="false"/>'
            for key, value in (("York", 1), ("约克", 1), ("Yorck", 0.5))
        )
        item = one(item_xml(response("York", base="string", mapping=mapping), ENTRY), spelled)
        assert (item.kind, item.stem) == (Kind.FILL_IN, "甲____乙")
        (blank,) = item.blanks
        assert (blank.accepted, blank.case_sensitive) == (("York", "约克"), False)

    def test_match_case_unless_told_otherwise(self, spelled: object) -> None:
        (blank,) = one(item_xml(response("mW", base="string"), ENTRY), spelled).blanks
        assert not blank.takes("MW")

    def test_several_in_order(self, spelled: object) -> None:
        declared = response("一", identifier="R", base="string") + response(
            "二", identifier="S", base="string"
        )
        item = one(
            item_xml(declared, ENTRY + '<p><textEntryInteraction responseIdentifier="S"/></p>'), spelled
        )
        assert (item.stem, [blank.accepted for blank in item.blanks]) == (
            "甲____乙\n____",
            [("一",), ("二",)],
        )

    @pytest.mark.parametrize(
        ("attributes", "tolerance"),
        [
            ('toleranceMode="exact"', "0"),
            ('toleranceMode="absolute" tolerance="0.1"', "0.1"),
            ('toleranceMode="absolute" tolerance="0.1 0.1"', "0.1"),
            ('toleranceMode="relative" tolerance="10"', "0.75"),
        ],
    )
    def test_numbers_with_their_tolerance(self, attributes: str, tolerance: str, spelled: object) -> None:
        after = processing(f'<equal {attributes}>{VARIABLE}<correct identifier="R"/></equal>')
        (blank,) = one(item_xml(response("7.5", base="float"), ENTRY, after), spelled).blanks
        assert blank.number == "7.5"
        assert float(blank.tolerance) == float(tolerance)

    def test_numbers_with_the_tolerance_of_a_mapping(self, spelled: object) -> None:
        mapped = '<mapTolResponse xmlns="urn:x" identifier="R" tolerance="2.0" toleranceMode="absolute"/>'
        (blank,) = one(item_xml(response("7.5", base="float"), ENTRY, processing(mapped)), spelled).blanks
        assert blank.tolerance == "2.0"

    @pytest.mark.parametrize(
        ("declared", "after", "code"),
        [
            (response(base="string"), "", "missing_key"),
            (response("七", base="float"), "", "bad_number"),
            (
                response("7", base="float"),
                processing(f'<equal toleranceMode="absolute" tolerance="1 2">{VARIABLE}</equal>'),
                "unsupported_tolerance",
            ),
            (
                response("a", base="string"),
                processing(f'<patternMatch pattern="a+">{VARIABLE}</patternMatch>'),
                "unsupported_processing",
            ),
            (response("甲" * 201, base="string"), "", "accepted_too_long"),
        ],
    )
    def test_with_a_fault_are_refused(self, declared: str, after: str, code: str, spelled: object) -> None:
        assert refused(item_xml(declared, ENTRY, after), spelled) == [code]

    def test_that_must_differ_from_each_other_are_refused(self, spelled: object) -> None:
        declared = response("一", base="string") + response("二", identifier="S", base="string")
        differ = f'<not><stringMatch caseSensitive="false">{VARIABLE}<variable identifier="S"/></stringMatch></not>'
        body = ENTRY + '<p><textEntryInteraction responseIdentifier="S"/></p>'
        assert set(refused(item_xml(declared, body, processing(differ)), spelled)) == {
            "unsupported_processing"
        }

    def test_beside_other_blank_lines_are_refused(self, spelled: object) -> None:
        assert refused(item_xml(response("a", base="string"), "<p>____</p>" + ENTRY), spelled) == [
            "blank_marks"
        ]


class TestOrderAndMatch:
    def test_order(self, spelled: object) -> None:
        body = choice("甲", "乙", "丙").replace("choiceInteraction", "orderInteraction")
        item = one(item_xml(response("C", "A", "B", cardinality="ordered"), body), spelled)
        assert (item.kind, item.key) == (Kind.ORDERING, (2, 0, 1))
        assert refused(item_xml(response("C", "A", cardinality="ordered"), body), spelled) == [
            "partial_order"
        ]

    @pytest.mark.parametrize(
        ("pairs", "premises", "key"),
        [(("A D", "B D"), ("A.", "B."), (0, 0)), (("A D", "B E", "B F"), ("D.", "E.", "F."), (0, 1, 1))],
    )
    def test_match_from_either_side(
        self, pairs: tuple[str, ...], premises: tuple[str, ...], key: tuple[int, ...], spelled: object
    ) -> None:
        item = one(item_xml(response(*pairs, cardinality="multiple", base="directedPair"), MATCH), spelled)
        assert (item.kind, item.stem, item.premises, item.key) == (Kind.MATCHING, "配", premises, key)

    @pytest.mark.parametrize(
        "pairs", [("A D",), ("A D", "A D", "B D"), ("A D", "A E"), ("A",), ("A D", "B D", "B E")]
    )
    def test_match_without_one_for_each_is_refused(self, pairs: tuple[str, ...], spelled: object) -> None:
        declared = response(*pairs, cardinality="multiple", base="directedPair")
        assert refused(item_xml(declared, MATCH), spelled) == ["not_a_matching"]

    @pytest.mark.parametrize("pairs", [("W G1", "S G2"), ("G1 W", "G2 S")])
    def test_gaps(self, pairs: tuple[str, ...], spelled: object) -> None:
        item = one(item_xml(response(*pairs, cardinality="multiple", base="directedPair"), GAPS), spelled)
        assert (item.kind, item.stem) == (Kind.MATCHING, "填\n一①____二②____")
        assert (item.premises, item.options, item.key) == (("①", "②"), ("冬", "夏", "春"), (0, 1))

    def test_the_same_choices_in_several_places(self, spelled: object) -> None:
        declared = response("甲", identifier="R") + response("乙", identifier="S")
        item = one(
            item_xml(declared, f"<p>{inline('R', '甲', '乙')}和{inline('S', '甲', '乙')}</p>"), spelled
        )
        assert (item.kind, item.stem, item.key) == (Kind.MATCHING, "①____和②____", (0, 1))


class TestCases:
    def test_hold_each_interaction_as_a_part(self, spelled: object) -> None:
        declared = (
            response("A", identifier="P") + response("K", identifier="Q", base="string")
            + response("乙", identifier="S") + response(identifier="T", base="string")
            + response("W G1", "S G2", cardinality="multiple", base="directedPair")
        )  # fmt: skip
        body = (
            "<blockquote>材料</blockquote>" + choice("甲", "乙", response="P")
            + f'<p>名<textEntryInteraction responseIdentifier="Q"/>选{inline("S", "甲", "乙")}</p>' + GAPS
            + '<extendedTextInteraction responseIdentifier="T"/>'
        )  # fmt: skip
        item = one(item_xml(declared, body), spelled)
        assert [part.kind.value for part in item.parts] == [
            "single",
            "fill_in",
            "single",
            "matching",
            "short_answer",
        ]
        assert [part.stem for part in item.parts] == ["选哪个？", "（2）____", "（3）", "（4）\n填", "（5）"]
        assert [part.code for part in item.parts] == [f"q1-{number}" for number in range(1, 6)]
        assert "材料" in item.stem
        assert "名（2）____选（3）____" in item.stem

    def test_with_an_unsupported_part_are_refused(self, spelled: object) -> None:
        body = choice("甲", "乙") + '<sliderInteraction responseIdentifier="R"/>'
        assert refused(item_xml(response("A"), body), spelled) == ["unsupported_interaction"]


class TestShortAnswers:
    def test_keep_what_scorers_are_told(self, spelled: object) -> None:
        body = (
            '<p>读</p><extendedTextInteraction responseIdentifier="R"><prompt>写。</prompt>'
            "</extendedTextInteraction>"
            '<rubricBlock view="scorer"><p>三分</p></rubricBlock>'
            '<rubricBlock view="candidate"><p>限时</p></rubricBlock>'
        )
        item = one(item_xml(response("范文", base="string"), body), spelled)
        assert (item.kind, item.stem, item.reference) == (Kind.SHORT_ANSWER, "读\n写。\n限时", "范文\n三分")


class TestFeedback:
    def test_that_is_a_solution_is_kept(self, spelled: object) -> None:
        after = "".join(
            f'<modalFeedback outcomeIdentifier="FB" identifier="{name}" showHide="show">{text}</modalFeedback>'
            for name, text in (("correct", "好"), ("SOLUTION", "<p>因为</p>"))
        )
        inside = '<feedbackInline outcomeIdentifier="FB" identifier="A" showHide="show">不对</feedbackInline>'
        raw = item_xml(response("A"), choice("甲" + inside, "乙"), after)
        item = one(raw, spelled)
        assert (item.solution, item.options) == ("因为", ("甲", "乙"))
        warning = next(each for each in read_qti(raw).warnings if each.code == "feedback_not_taken")
        assert "2" in warning.expected

    @pytest.mark.parametrize(
        ("name", "solution"), [("FB1", "因为"), ("A", ""), ("correct", ""), ("WRONG", "")]
    )
    def test_alone_is_the_solution_unless_it_answers_an_answer(
        self, name: str, solution: str, spelled: object
    ) -> None:
        after = (
            f'<modalFeedback outcomeIdentifier="F" identifier="{name}" showHide="show">因为</modalFeedback>'
        )
        assert one(item_xml(response("A"), choice("甲", "乙"), after), spelled).solution == solution

    def test_that_says_the_same_whatever_was_answered_is_the_solution(self, spelled: object) -> None:
        after = "".join(
            f'<modalFeedback outcomeIdentifier="F" identifier="{name}" showHide="show">因 为</modalFeedback>'
            for name in ("correct", "incorrect")
        )
        assert one(item_xml(response("A"), choice("甲", "乙"), after), spelled).solution == "因 为"

    def test_score_comes_from_its_outcome(self, spelled: object) -> None:
        outcome = (
            '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue>'
            "<value>2.5</value></defaultValue></outcomeDeclaration>"
        )
        assert one(item_xml(response("A") + outcome, choice("甲", "乙")), spelled).score == 250


class TestWarnings:
    def test_say_nothing_of_a_place_that_is_kept(self) -> None:
        body = choice("甲", "以上都不对", more='shuffle="true"').replace('"B"', '"B" fixed="true"')
        assert read_qti(item_xml(response("A"), body)).warnings == ()

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (choice("&lt;p&gt;甲&lt;/p&gt;", "乙"), "markup_as_text"),
            (choice('甲<span class="qti-visually-hidden">听</span>', "乙"), "hidden_dropped"),
            (choice('甲<span data-role="tooltip-content">提示</span>', "乙"), "not_taken"),
            (choice("甲", "乙", more='shuffle="true"').replace('"B"', '"B" fixed="true"'), "fixed_not_kept"),
        ],
    )
    def test_say_what_was_not_taken(self, body: str, code: str) -> None:
        reading = read_qti(item_xml(response("A"), body))
        assert [warning.code for warning in reading.warnings] == [code]
        assert len(reading.items) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "body"),
        [
            (name, f'<{name} responseIdentifier="R"/>')
            for name in (
                "hotspotInteraction", "selectPointInteraction", "graphicOrderInteraction",
                "graphicAssociateInteraction",
                "graphicGapMatchInteraction", "positionObjectInteraction", "sliderInteraction", "drawingInteraction",
                "mediaInteraction", "uploadInteraction", "customInteraction", "portableCustomInteraction",
                "endAttemptInteraction", "associateInteraction", "madeUpInteraction",
            )
        ],
    )  # fmt: skip
    def test_name_the_interaction_and_its_count(self, name: str, body: str, spelled: object) -> None:
        reading = read_qti(spelled(item_xml(response("A"), f"<p>题</p>{body}{body}")))  # type: ignore[operator]
        assert [(problem.code, problem.found) for problem in reading.problems] == [
            ("unsupported_interaction", f"{name} x 2")
        ]
        assert (reading.rows, reading.items) == (1, ())

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (item_xml(response("A"), choice("甲", "乙"), attributes='adaptive="true"'), "adaptive_item"),
            (
                item_xml("<templateDeclaration identifier='A'/>" + response("A"), choice("甲", "乙")),
                "template_item",
            ),
            (
                item_xml(response("A"), '<p><printedVariable identifier="A"/></p>' + choice("甲", "乙")),
                "printed_variable",
            ),
            (item_xml(response("A"), "<p>没有题</p>"), "no_interaction"),
            (
                item_xml(
                    response("A"),
                    '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="x"/>' + choice("甲", "乙"),
                ),
                "xinclude",
            ),
            (
                item_xml('<assessmentStimulusRef href="s.xml"/>' + response("A"), choice("甲", "乙")),
                "missing_stimulus",
            ),
            (
                item_xml(response("A"), '<p><img src="a.png" alt=""/></p>' + choice("甲", "乙")),
                "missing_picture",
            ),
            (item_xml(response("A"), "<p><video/></p>" + choice("甲", "乙")), "unsupported_content"),
        ],
    )
    def test_of_whole_items(self, raw: bytes, code: str, spelled: object) -> None:
        assert refused(raw, spelled) == [code]


class TestFiles:
    @pytest.mark.parametrize(
        "namespace",
        ["", "http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imsqti_v2p0"],
    )
    def test_are_read_in_any_namespace(self, namespace: str) -> None:
        assert (
            one(item_xml(response("A"), choice("甲", "乙"), namespace=namespace), bytes).kind is Kind.SINGLE
        )

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"", "broken_xml"),
            (b"<assessmentItem><", "broken_xml"),
            (
                "<?xml version='1.0' encoding='UTF-8'?><assessmentItem title='题'/>".encode("gbk"),
                "wrong_encoding",
            ),
            (b"<!DOCTYPE a [<!ENTITY x 'y'>]><assessmentItem/>", "xml_entities"),
            (b"<questestinterop/>", "old_qti"),
            (b"<html/>", "no_qti"),
            (b"<assessmentItem identifier='q'/>", "no_body"),
            (b"<assessmentTest identifier='q'/>", "no_qti"),
            (b"<assessmentItem>" + b"<b>" * 400 + b"</b>" * 400 + b"</assessmentItem>", "broken_xml"),
            (b"PK\x03\x04", "broken_package"),
        ],
    )
    def test_that_are_none_are_refused_by_name(self, raw: bytes, code: str) -> None:
        assert codes(read_qti(raw)) == [code]

    @pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
    def test_are_read_in_the_encoding_they_declare(self, encoding: str) -> None:
        text = item_xml(response("A"), choice("甲", "乙")).decode()
        raw = text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"').encode(encoding)
        assert one(raw, bytes).options == ("甲", "乙")

    def test_are_recognised(self) -> None:
        assert is_qti(item_xml())
        assert is_qti(b"<!-- x --><questestinterop/>")
        assert not is_qti(b"<quiz/>")
        assert not is_qti(b"A,B\n")
        assert not is_qti(packed({"word/document.xml": b"<document/>"}))

    def test_of_a_package_that_is_not_safe_are_refused_by_what_is_wrong(self) -> None:
        raw = packed({"imsmanifest.xml": manifest(), "../../a.xml": PLAIN})
        assert is_qti(raw)
        assert codes(read_qti(raw)) == ["unsafe_path"]


PLAIN = item_xml(response("A"), choice("甲", "乙"))


def other(identifier: str, stem: str) -> bytes:
    return item_xml(response("A"), choice("甲", "乙", prompt=stem), identifier=identifier)


class TestPackages:
    def test_give_their_items_with_pictures_and_metadata(self) -> None:
        metadata = (
            '<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><keyword><string>安全</string></keyword></general>'
            "<educational><difficulty><source>LOMv1.0</source><value>difficult</value></difficulty></educational></lom></metadata>"
        )
        pictured = item_xml(
            response("A"), '<p>图<img src="../pictures/a%20b.png" alt="红"/></p>' + choice("甲", "乙")
        )
        raw = packed(
            {
                "x/imsmanifest.xml": manifest(resource("items/1.xml", metadata=metadata)),
                "x/items/1.xml": pictured,
                "x/pictures/a b.png": png(),
            }
        )
        reading = read_qti(raw)
        (item,) = reading.items
        assert (codes(reading), item.tags, item.difficulty) == ([], ("安全",), 40)
        assert item.pictures == tuple(reading.pictures)
        assert is_qti(raw)

    def test_give_items_the_manifest_forgot(self) -> None:
        reading = read_qti(
            packed(
                {"imsmanifest.xml": manifest(), "a.xml": PLAIN, "b.xml": other("q2", "另"), "c.xml": b"<x/>"}
            )
        )
        assert len(reading.items) == 2
        assert [warning.code for warning in reading.warnings] == ["unlisted_item"] * 2
        assert len(read_qti(packed({"a.xml": PLAIN})).items) == 1

    def test_name_what_is_missing_or_broken_and_read_the_rest(self) -> None:
        listed = manifest(resource("a.xml"), resource("b.xml"), resource("c.xml"), resource("../d.xml"))
        reading = read_qti(packed({"imsmanifest.xml": listed, "a.xml": PLAIN, "b.xml": b"<assessmentItem"}))
        assert sorted(codes(reading)) == ["broken_xml", "missing_file", "missing_file"]
        assert (reading.rows, len(reading.items)) == (4, 1)

    def test_count_tests_and_unsupported_interactions_over_all_files(self) -> None:
        slider = item_xml(response("A"), '<sliderInteraction responseIdentifier="R"/>')
        test = b"<assessmentTest><testPart><assessmentSection/></testPart></assessmentTest>"
        reading = read_qti(packed({"t.xml": test, "a.xml": slider, "b.xml": slider, "c.xml": PLAIN}))
        assert [(problem.code, problem.found, problem.sheet) for problem in reading.problems] == [
            ("unsupported_interaction", "sliderInteraction x 2", "a.xml")
        ]
        assert reading.problems[0].expected_en.endswith("a.xml:4, b.xml:4)")
        assert "tests_not_taken" in [warning.code for warning in reading.warnings]
        assert len(reading.items) == 1

    def test_put_a_shared_stimulus_before_the_stem(self) -> None:
        body = '<stimulusBody><p>短文<img src="a.png"/></p></stimulusBody>'
        stimulus = f"<assessmentStimulus>{body}</assessmentStimulus>".encode()
        item = item_xml(
            '<assessmentStimulusRef identifier="s" href="p/s.xml"/>' + response("A"), choice("甲", "乙")
        )
        reading = read_qti(packed({"i.xml": item, "p/s.xml": stimulus, "p/a.png": png()}))
        (read,) = reading.items
        assert codes(reading) == []
        assert read.stem.index("短文") < read.stem.index("选哪个")
        assert len(read.pictures) == 1

    def test_put_an_embedded_page_in_its_place(self) -> None:
        page = (
            '<html><head><title>x</title></head><body><h1>短文</h1><img src="a.png"></body></html>'.encode()
        )
        item = item_xml(
            response("A"), '<p><object type="text/html" data="p/s.html"/></p>' + choice("甲", "乙")
        )
        (read,) = read_qti(packed({"i.xml": item, "p/s.html": page, "p/a.png": png()})).items
        assert "<strong>短文</strong>" in read.stem
        assert len(read.pictures) == 1
        assert codes(read_qti(packed({"i.xml": item}))) == ["unsupported_content"]

    def test_name_a_listed_item_that_is_none(self) -> None:
        listed = manifest(resource("a.xml"), resource("t.xml", "imsqti_test_xmlv2p2"))
        reading = read_qti(packed({"imsmanifest.xml": listed, "a.xml": b"<assessmentTest/>", "t.xml": PLAIN}))
        assert [(problem.code, problem.sheet) for problem in reading.problems] == [("no_qti", "a.xml")]
        assert (reading.rows, len(reading.items)) == (2, 1)

    def test_of_version_1_are_refused_by_name(self) -> None:
        listed = manifest(
            resource("a.xml", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"), resource("b.xml", "imsqti_xmlv1p2")
        )
        reading = read_qti(packed({"imsmanifest.xml": listed, "a.xml": b"<questestinterop/>"}))
        assert set(codes(reading)) == {"old_qti"}

    def test_name_items_that_stand_twice(self) -> None:
        assert codes(read_qti(packed({"a.xml": PLAIN, "b.xml": PLAIN}))) == [
            "duplicate_code",
            "duplicate_item",
        ]
