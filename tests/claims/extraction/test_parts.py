"""The article, and what the page hung around it."""

from __future__ import annotations

import pytest

from claims.extraction.reading import read

STORY = (
    "The tower is 330 metres high since its new antenna was put up, which is six metres more than before. "
    "It was measured from the ground to the tip of the antenna by surveyors with a laser."
)


def regions(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.region) for one in read(text, language).parts]


def test_a_page_of_one_article_is_title_byline_and_body():
    text = f"The tower has grown\n\nUpdated: 17 March 2022\n\n{STORY}\n\n{STORY}"
    assert [region for _, region in regions(text)] == ["title", "meta", "body"]


def test_what_follows_a_heading_of_other_articles_is_not_the_article_even_in_long_paragraphs():
    text = f"{STORY}\n\nRelated articles\n\n{STORY.replace('330', '124')}\n"
    cut = regions(text)
    assert [region for _, region in cut] == ["body", "boilerplate"]
    assert cut[1][0].startswith("Related articles")


def test_a_listing_of_short_lines_after_the_article_is_not_the_article():
    text = f"{STORY}\nTen towers to see\nJan 07,2025\nA bridge reopens\nJan 06,2025\n"
    figures = read(text, "en").figures
    assert [one.printed for one in figures if one.region == "body"] == ["330 metres", "six metres"]
    assert {one.region for one in figures if one.kind == "date"} == {"boilerplate"}


def test_a_trail_of_links_before_the_title_is_not_the_article():
    text = f"Home > News > Towers > The tower costs $5 million\n\nThe tower has grown\n\n{STORY}"
    assert [region for _, region in regions(text)] == ["boilerplate", "title", "body"]


def test_a_short_closing_sentence_belongs_to_the_article():
    text = f"{STORY}\n\nIt is still not the highest.\n\nMost read\nTowers"
    assert regions(text)[0][0].endswith("highest.")


def test_a_sentence_alone_is_all_body():
    assert regions("The tower is 330 metres high.") == [("The tower is 330 metres high.", "body")]


def test_an_empty_text_has_no_parts():
    assert read("", "en").parts == ()
    assert read("\n \n", "en").figures == ()


def cut(text: str, language: str) -> dict[str, str]:
    """Each region with its lines, in order."""
    found: dict[str, str] = {}
    for part, region in regions(text, language):
        found[region] = f"{found[region]}\n{part}" if region in found else part
    return found


# A title, a first and a second paragraph, an inline heading with links, a heading of other articles with one teaser.
PAGES = {
    "en": (
        "Ferry line adds 12 boats",
        "The harbour council said on Monday that it had ordered 12 ferries, which will enter service next summer.",
        "The boats cost $48 million together, the council said, a third more than those that they will replace.",
        "Read more:",
        "Related articles",
        "Bus fares rise to $3",
        "The price of a single bus ticket rises to $3 in January, the council decided in a session on Friday evening.",
    ),
    "bn": (
        "নতুন ১২টি ফেরি আসছে",
        "বন্দর কর্তৃপক্ষ সোমবার জানিয়েছে, আগামী গ্রীষ্মে যাত্রী পরিবহনের জন্য ১২টি নতুন ফেরি নামানো হবে।",
        "এসব ফেরি কিনতে মোট ৪৮ কোটি টাকা খরচ হবে, যা আগের ফেরিগুলোর তুলনায় এক-তৃতীয়াংশ বেশি।",
        "আরও পড়ুন",
        "সম্পর্কিত খবর",
        "বাসভাড়া বেড়ে ৩০ টাকা",
        "আগামী জানুয়ারি থেকে নগরের বাসে একবার যাতায়াতের ভাড়া ৩০ টাকা হবে বলে শুক্রবার সিদ্ধান্ত হয়েছে।",
    ),
    "hi": (
        "नदी में 12 नई नावें चलेंगी",
        "बंदरगाह परिषद ने सोमवार को बताया कि उसने 12 नई नावें मंगाई हैं, जो अगली गर्मियों से चलने लगेंगी।",
        "इन नावों पर कुल 48 करोड़ रुपये खर्च होंगे, जो पुरानी नावों की कीमत से एक तिहाई ज्यादा है।",
        "यह भी पढ़ें",
        "संबंधित खबरें",
        "बस का किराया 30 रुपये हुआ",
        "शहर की बसों में एक बार यात्रा का किराया जनवरी से 30 रुपये होगा, परिषद ने शुक्रवार को यह फैसला किया।",
    ),
    "vi": (
        "Tuyến phà có thêm 12 tàu mới",
        "Ban quản lý bến cảng cho biết hôm thứ Hai rằng họ đã đặt mua 12 chiếc phà, sẽ chạy từ mùa hè năm tới.",
        "Số phà này có giá tổng cộng 48 tỷ đồng, cao hơn một phần ba so với những chiếc mà chúng sẽ thay thế.",
        "Đọc thêm:",
        "Bài viết liên quan",
        "Giá vé xe buýt tăng lên 10.000 đồng",
        "Giá vé xe buýt một lượt sẽ tăng lên 10.000 đồng từ tháng Giêng, hội đồng thành phố quyết định hôm thứ Sáu.",
    ),
    "zh": (
        "渡轮航线新增12艘船",
        "港务局周一表示，已经订购12艘新渡轮，预计明年夏天投入使用。",
        "这些渡轮总共耗资4800万元，比将被替换的旧船贵三分之一。",
        "延伸阅读",
        "相关文章",
        "公交票价涨到3元",
        "市议会周五晚上决定，单程公交车票从一月起涨到3元，学生票不变。",
    ),
}
EVERY = pytest.mark.parametrize("language", PAGES)


@EVERY
@pytest.mark.parametrize("links", [0, 1, 3])
def test_the_article_goes_on_after_an_inline_heading_and_its_links(language: str, links: int) -> None:
    title, first, second, inline, related, link, teaser = PAGES[language]
    box = [inline, *[f"{link} {number}" for number in range(links)]]
    found = cut("\n".join([title, first, *box, second, related, link, teaser]), language)
    assert (found["title"], found["body"]) == (title, f"{first}\n{second}")
    assert found["boilerplate"] == "\n".join([*box, related, link, teaser])


@EVERY
def test_an_inline_heading_with_its_link_on_the_same_line_is_that_line(language: str) -> None:
    title, first, second, inline, _, link, _ = PAGES[language]
    line = f"{inline.rstrip(':')}: {link}"
    found = cut("\n".join([title, first, line, f"{link}?", second]), language)
    assert (found["body"], found["boilerplate"]) == (f"{first}\n{link}?\n{second}", line)


@EVERY
def test_the_article_goes_on_after_a_box_of_related_articles_that_paragraphs_follow(language: str) -> None:
    title, first, second, _, related, link, _ = PAGES[language]
    found = cut("\n".join([title, first, related, link, second, first]), language)
    assert (found["body"], found["boilerplate"]) == (f"{first}\n{second}\n{first}", f"{related}\n{link}")


@EVERY
def test_teasers_under_their_own_titles_are_not_the_article(language: str) -> None:
    title, first, second, _, related, link, teaser = PAGES[language]
    found = cut("\n".join([title, first, second, related, link, teaser, title, teaser]), language)
    assert found["body"] == f"{first}\n{second}"


@EVERY
def test_teasers_under_their_own_dates_are_not_the_article_even_after_an_inline_heading(
    language: str,
) -> None:
    title, first, _, inline, _, link, teaser = PAGES[language]
    found = cut("\n".join([title, first, inline, link, "27/01/2025", teaser]), language)
    assert found["body"] == first


LATEST = {
    "en": "Latest articles",
    "bn": "সর্বশেষ খবর",
    "hi": "ताज़ा खबरें",
    "vi": "Tin mới nhất",
    "zh": "最新消息",
}


@EVERY
def test_a_heading_of_the_newest_articles_ends_the_article_for_good(language: str) -> None:
    title, first, second, *_, teaser = PAGES[language]
    found = cut("\n".join([title, first, second, LATEST[language], teaser, teaser, teaser]), language)
    assert (found["body"], found["boilerplate"].count(teaser)) == (f"{first}\n{second}", 3)


SHORT = {
    "en": ("Council buys 12 boats", "The council ordered 12 boats on Monday.", "They cost $48 million."),
    "bn": ("কেনা হচ্ছে ১২টি ফেরি", "সোমবার ১২টি ফেরি কেনার কথা জানানো হয়েছে।", "খরচ হবে ৪৮ কোটি টাকা।"),
    "hi": ("खरीदी जाएंगी 12 नावें", "परिषद ने सोमवार को 12 नावें मंगाई हैं।", "इन पर 48 करोड़ रुपये लगेंगे।"),
    "vi": (
        "Mua 12 chiếc phà mới",
        "Bến cảng đã đặt mua 12 chiếc phà hôm thứ Hai.",
        "Chúng có giá 48 tỷ đồng.",
    ),
    "zh": ("港务局买12艘船", "港务局周一订购12艘船。", "总价4800万元。"),
}


@EVERY
def test_an_article_of_short_sentences_has_a_title_and_ends_at_the_listing(language: str) -> None:
    *_, related, link, teaser = PAGES[language]
    title, one, two = SHORT[language]
    found = cut("\n".join([title, "28/01/2025", one, two, related, link, teaser]), language)
    assert found["title"] == title
    assert "28/01/2025" not in found["boilerplate"]
    assert (found["body"], found["boilerplate"]) == (f"{one}\n{two}", f"{related}\n{link}\n{teaser}")


@EVERY
def test_a_list_without_sentences_is_body_up_to_the_listing(language: str) -> None:
    title, *_, related, link, _ = PAGES[language]
    listed = [title, "1. Alpha – 120 GB", "2. Beta – 95 GB"]
    found = cut("\n".join([*listed, related, link]), language)
    assert found == {"body": "\n".join(listed), "boilerplate": f"{related}\n{link}"}


@pytest.mark.parametrize(
    "tail",
    [
        ["Key figures:", "- Revenue: $39.3 billion, up 78%", "- Employees in 2024: 1500", "- Boats: twelve"],
        ["Revenue $39.3 billion", "Net income $22.1 billion"],
        ["Revenue", "$39.3 billion", "Net income", "$22.1 billion"],
        ["Company | Revenue", "--- | ---", "Alpha | $12bn", "| Beta | $8bn |"],
        ["By region:", "• Asia $20 billion", "• Europe $10 billion"],
        ["Who pays?", "A fund with $8bn"],
        ["09:00 Doors open to 1,500 guests"],
    ],
)
def test_figures_after_the_last_paragraph_belong_to_the_article(tail: list[str]) -> None:
    text = "\n".join([STORY, *tail, "Read more", "12 boats", "Most read", "1. Buses"])
    assert cut(text, "en")["body"] == "\n".join([STORY, *tail])


@pytest.mark.parametrize(
    "date", ["Jan 07,2025", "2025-01-07 10:30", "7 January 2025", "Updated: Dec 26,2024"]
)
def test_titles_with_dates_after_the_last_paragraph_do_not(date: str) -> None:
    found = cut(f"{STORY}\nTen towers of 300 metres\n{date}\n12 bridges reopen\n{date}\n", "en")
    assert found["body"] == STORY


BYLINES = {
    "en": "By a staff reporter, senior editor for harbours and ferries, updated at 10:30 AM",
    "bn": "লেখক: নিজস্ব প্রতিবেদক, বন্দর ও নৌপরিবহন বিভাগ, প্রকাশ: ২৮ জানুয়ারি ২০২৫, সকাল ১০টা",
    "hi": "By: डेस्क, बंदरगाह और नदी परिवहन विभाग | Updated: 28 Jan 2025 10:30 AM",
    "vi": "Theo phóng viên ban kinh tế và giao thông đường thủy | Cập nhật: 28/01/2025 10:30",
    "zh": "2025-01-28 10:30 来源：港口日报财经频道综合报道 编辑：值班编辑室第三组",
}


@EVERY
def test_who_wrote_it_is_not_the_title_however_long(language: str) -> None:
    title, first, *_ = PAGES[language]
    assert regions(f"{title}\n{BYLINES[language]}\n{first}", language) == [
        (title, "title"),
        (BYLINES[language], "meta"),
        (first, "body"),
    ]


def test_a_headline_that_opens_like_a_byline_is_the_title():
    first = PAGES["en"][1]
    for headline in ("By 2030, ferries cost $48 million", "Authorities order 12 ferries"):
        assert regions(f"{headline}\n{first}")[0] == (headline, "title")


def test_a_subtitle_longer_than_the_title_leaves_the_title_its_place():
    title, first, second, *_ = PAGES["en"]
    found = cut(f"Home\nNews\n{title}\n{second.rstrip('.')[:90]}\n27/01/2025\n{first}", "en")
    assert (found["title"], found["boilerplate"]) == (title, "Home\nNews")


def test_a_date_with_slashes_is_no_trail_but_spaced_slashes_are():
    title, first, *_ = PAGES["vi"]
    found = cut(f"Trang chủ / Kinh tế / Giao thông\n{title}\n27/01/2025\n{first}", "vi")
    assert (found["boilerplate"], found["meta"]) == ("Trang chủ / Kinh tế / Giao thông", "27/01/2025")


COMMENTS = {"en": "3 Comments", "bn": "৩টি মন্তব্য", "hi": "टिप्पणियाँ (3)", "vi": "3 bình luận", "zh": "3条评论"}


@EVERY
def test_readers_comments_are_not_the_article(language: str) -> None:
    title, first, second, *_, teaser = PAGES[language]
    found = cut("\n".join([title, first, second, COMMENTS[language], teaser, teaser]), language)
    assert found["body"] == f"{first}\n{second}"


AUTHOR = {
    "en": "About the author",
    "bn": "লেখক পরিচিতি",
    "hi": "लेखक के बारे में",
    "vi": "Về tác giả",
    "zh": "作者简介",
}


@EVERY
def test_the_authors_biography_is_not_the_article(language: str) -> None:
    title, first, second, *_, teaser = PAGES[language]
    found = cut("\n".join([title, first, second, AUTHOR[language], teaser]), language)
    assert found["body"] == f"{first}\n{second}"


COOKIES = {
    "en": "We use cookies to improve this site and share data with our 12 partners. By going on you accept them.",
    "bn": "এই ওয়েবসাইটে আমরা কুকি ব্যবহার করি এবং আমাদের ১২টি অংশীদারের সঙ্গে তথ্য ভাগ করি। চালিয়ে গেলে আপনি সম্মত।",
    "hi": "यह वेबसाइट कुकीज़ का उपयोग करती है और हमारे 12 साझेदारों के साथ जानकारी साझा करती है। आगे बढ़ने पर आप सहमत हैं।",
    "vi": "Chúng tôi sử dụng cookie để cải thiện trang web này và chia sẻ dữ liệu với 12 đối tác. Tiếp tục là đồng ý.",
    "zh": "我们使用 Cookie 来改善本网站，并与12家合作伙伴共享数据。继续浏览即表示您同意。",
}


@EVERY
def test_a_notice_before_the_article_is_neither_its_title_nor_its_first_paragraph(language: str) -> None:
    title, first, second, *_ = PAGES[language]
    assert regions("\n".join([COOKIES[language], title, first, second]), language) == [
        (COOKIES[language], "boilerplate"),
        (title, "title"),
        (f"{first}\n{second}", "body"),
    ]


def test_a_copyright_line_ends_the_article_unless_paragraphs_follow():
    title, first, second, *_ = PAGES["en"]
    footer = "Copyright © 2025 Harbour News. All rights reserved."
    found = cut(f"{title}\n{first}\n{second}\n{footer}\nImprint", "en")
    assert found["boilerplate"] == f"{footer}\nImprint"
    found = cut(f"{title}\n{first}\n{footer}\n{second}\n{first}", "en")
    assert (found["body"], found["boilerplate"]) == (f"{first}\n{second}\n{first}", footer)
