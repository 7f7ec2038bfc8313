//! Words that dates are written with, by language. Beginnings of words suffice: endings change with the case.

/// Beginnings of the names of the twelve months, in lower case, January first; a bar between them. The longest that a
/// word begins with counts. Languages whose names for different months are the same word are left out (Croatian).
const MONTHS: [&str; 12] = [
    "jan|ene|ian|gen|янв|јан|яну|січ|ιαν|sty|oca|led|tammi|يناير|ינואר|มกราคม|ม.ค|jën",
    "feb|fev|fév|фев|феб|лют|φεβ|lut|şub|únor|helmi|فبراير|פברואר|กุมภาพันธ์|shku",
    "mar|mär|maer|мар|бер|μαρ|μάρ|břez|maalis|مارس|מרץ|มีนาคม|márc|maart|mrt",
    "apr|abr|avr|апр|кві|απρ|kwi|nis|dub|huhti|أبريل|ابريل|אפריל|เมษายน|ápr|pri",
    "may|mai|mag|май|мая|мај|тра|μαι|μάι|μαΐ|maj|květ|touko|مايو|מאי|พฤษภาคม|máj|mei|maí",
    "jun|juin|iun|giu|июн|юни|јун|чер|ιουν|ιούν|cze|haz|červen|června|kesä|يونيو|יוני|มิถุนายน|jún|qersh",
    "jul|juil|iul|lug|июл|юли|јул|лип|ιουλ|ιούλ|lip|tem|červenec|července|heinä|يوليو|יולי|กรกฎาคม|júl|korr",
    "aug|ago|aoû|aou|авг|сер|αυγ|αύγ|sie|ağu|srp|elo|أغسطس|اغسطس|אוגוסט|สิงหาคม|agu|gush",
    "sep|set|сен|сеп|вер|σεπ|wrz|eyl|zář|syys|سبتمبر|ספטמבר|กันยายน|szept|shtat",
    "oct|okt|out|ott|окт|жов|οκτ|paź|eki|říj|loka|أكتوبر|اكتوبر|אוקטובר|ตุลาคม|tetor",
    "nov|noi|ноя|ное|нов|лис|νοε|νοέ|lis|kas|marras|نوفمبر|נובמבר|พฤศจิกายน|nën",
    "dec|dez|dic|déc|дек|дец|гру|δεκ|gru|ara|pros|joulu|ديسمبر|דצמבר|ธันวาคม|des|dhje",
];

/// Words for the day of the capture.
const TODAY: &str = "today|hoy|azi|astăzi|aujourd|heute|hoje|oggi|vandaag|dzisiaj|dziś|dnes|danas|ma|bugün|сегодня|сьогодні|днес|данас|\
    σήμερα|idag|dag|i dag|tänään|اليوم|היום|今天|今日|오늘|hôm nay|hari ini|วันนี้|sot";

/// Words for the day before it.
const YESTERDAY: &str = "yesterday|ayer|ieri|hier|gestern|ontem|gisteren|wczoraj|včera|jučer|juče|tegnap|dün|вчера|вчора|јуче|χθες|χτες|\
    igår|i går|går|eilen|أمس|امس|אתמול|昨天|昨日|어제|hôm qua|kemarin|เมื่อวาน|เมื่อวานนี้|dje";

/// Beginnings of the names of the days of a week, Monday first.
const WEEKDAYS: [&str; 7] = [
    "mon|lun|mont|seg|maandag|poni|pond|hétf|pazartesi|понед|понеді|δευτ|månd|mand|maan|الاثنين|שני|星期一|月曜|월요|senin",
    "tue|mart|mard|marţ|marț|diens|ter|dinsd|wtor|úter|uter|kedd|salı|втор|вівт|τρίτ|tisd|tirsd|tiis|الثلاثاء|שלישי|星期二|火曜|화요|selasa",
    "wed|mié|mierc|mercr|miercuri|mittw|qua|merc|woens|środ|střed|szerd|çarş|сред|сер|τετάρ|onsd|kesk|الأربعاء|רביעי|星期三|水曜|수요|rabu",
    "thu|juev|jeud|joi|donners|qui|giov|donderd|czwar|čtvr|štvr|csüt|perş|четв|пέμπτ|πέμπ|torsd|tors|الخميس|חמישי|星期四|木曜|목요|kamis",
    "fri|vier|vendr|viner|freit|sex|vener|vrijd|piąt|pát|piat|pént|cuma|пятн|п'ятн|пет|παρασ|freda|fred|perjan|الجمعة|שישי|星期五|金曜|금요|jumat",
    "sat|sáb|samed|sâmb|samst|sab|zaterd|sobot|szomb|cumart|субб|субо|събо|σάββ|lörd|lørd|lauan|السبت|שבת|星期六|土曜|토요|sabtu",
    "sun|dom|dimanch|dumin|sonnt|zonda|niedz|neděl|nedeľ|vasárn|pazar|воскр|неділ|недел|κυρι|sönd|sønd|sunnun|الأحد|ראשון|星期日|日曜|일요|minggu",
];

/// Beginnings of words for spans of time, with their minutes. Months are of 30 days and years of 365.
const SPANS: [(i64, &str); 7] = [
    (0, "sec|seg|sek|sekund|сек|δευτερ|ثاني|ثوان|秒|초|giây|detik|วินาที"),
    (1, "min|мин|хв|хвил|λεπτ|dak|perc|دقيق|دقائق|דקות|דקה|分|분|phút|menit|นาที"),
    (
        60,
        "hour|hr|hora|heur|stund|stun|ore|oră|ora|uur|uren|godz|hod|saat|час|годин|ώρ|ór|tim|tunti|tuntia|ساع|שעות|שעה|小时|小時|時間|시간|giờ|jam|ชั่วโมง",
    ),
    (
        1_440,
        "day|día|dia|jour|tag|giorn|zi|zile|dag|dní|dni|dny|den|dzień|gün|nap|дн|день|ден|ημέρ|μέρ|päiv|يوم|أيام|ימים|יום|天|日|일|ngày|hari|วัน|dit",
    ),
    (
        10_080,
        "week|seman|semain|woche|settiman|săptăm|weken|tydz|tyg|týd|týžd|hét|hafta|недел|тиж|седмиц|εβδομ|veck|uge|uke|viikk|أسبوع|אסבוע|שבוע|周|週|주|tuần|minggu|สัปดาห์|javë",
    ),
    (
        43_200,
        "month|mes|mois|monat|luni|lună|mese|mesi|maand|miesi|měs|mesia|hónap|ay|меся|місяц|месец|μήν|månad|måned|kuuka|شهر|أشهر|חודש|个月|個月|か月|ヶ月|개월|tháng|bulan|เดือน|muaj",
    ),
    (
        525_600,
        "year|año|ano|an|ani|ans|jahr|anno|anni|jaar|rok|lat|let|rokov|év|yıl|год|лет|рок|рік|година|χρόν|έτ|år|vuot|سنة|سنوات|שנים|שנה|年|년|năm|tahun|ปี|vit",
    ),
];

/// Words that turn a span of time back.
const AGO: &str = "ago|vor|hace|il|y|назад|тому|há|atrás|fa|temu|acum|urmă|önce|πριν|geleden|sedan|siden|قبل|منذ|לפני|前|전|před|pred|\
    ezelőtt|trước|lalu|sitten|преди|пре|ที่แล้ว|më";

fn begins(word: &str, list: &str) -> usize {
    list.split('|').map(str::trim).filter(|name| word.starts_with(name)).map(str::len).max().unwrap_or_default()
}

fn is(word: &str, list: &str) -> bool {
    list.split('|').any(|known| known == word)
}

/// The place of the list that a word begins most like.
fn longest<'a>(word: &str, lists: impl Iterator<Item = &'a str>) -> Option<usize> {
    let lengths = lists.map(|list| begins(word, list)).enumerate();
    // Of equal ones the first.
    lengths
        .fold(None, |best: Option<(usize, usize)>, (at, length)| match best {
            Some((_, longest)) if longest >= length => best,
            _ if length == 0 => best,
            _ => Some((at, length)),
        })
        .map(|(at, _)| at)
}

/// 1 to 12.
pub(super) fn month(word: &str) -> Option<u16> {
    // Hebrew says "in" with a letter before the name.
    let name = word.strip_prefix('ב').unwrap_or(word);
    longest(name, MONTHS.into_iter()).and_then(|at| u16::try_from(at + 1).ok())
}

/// 0 for Monday to 6.
pub(super) fn weekday(word: &str) -> Option<i64> {
    longest(word, WEEKDAYS.into_iter()).and_then(|at| i64::try_from(at).ok())
}

/// Minutes of a unit of time.
pub(super) fn span(word: &str) -> Option<i64> {
    let at = longest(word, SPANS.iter().map(|(_, words)| *words))?;
    Some(SPANS[at].0)
}

/// Whether a word turns a span of time back; in some scripts it ends the word for the span.
pub(super) fn is_ago(word: &str) -> bool {
    is(word, AGO) || word.ends_with(['前', '전']) || word.ends_with("ที่แล้ว")
}

/// Days before the capture that a word names.
pub(super) fn near(word: &str) -> Option<i64> {
    match word {
        _ if is(word, TODAY) => Some(0),
        _ if is(word, YESTERDAY) => Some(1),
        _ => None,
    }
}
