//! Dates in the languages that pages are written in.

use proptest::prelude::*;

use super::*;

fn now() -> Now {
    Now { day: checked(2026, 3, 1).unwrap(), minute: 8 * 60 }
}

fn read_as(text: &str, order: Order) -> Option<String> {
    read(text, order, Some(now())).map(|day| day.to_string())
}

#[test]
fn written_dates_in_many_languages() {
    for text in [
        "Tue Nov 24, 2026 4:05 am",
        "Posted on 24 November 2026",
        "24th November, 2026",
        "« Reply #1 on: November 24, 2026, 04:05:00 AM »",
        "24 de noviembre de 2026",
        "24 de novembro de 2026",
        "le 24 novembre 2026 à 10 h",
        "24. November 2026, 10:15",
        "24 novembre 2026 alle 10:15",
        "24 november 2026",
        "24 noiembrie 2026",
        "24 ноября 2026 г.",
        "24 листопада 2026",
        "24 ноември 2026",
        "24. новембра 2026.",
        "24 listopada 2026",
        "24. listopadu 2026",
        "2026. november 24.",
        "24 Νοεμβρίου 2026",
        "24 Kasım 2026",
        "24. marraskuuta 2026",
        "den 24 november 2026",
        "24 نوفمبر 2026",
        "24 בנובמבר 2026",
        "2026年11月24日 10:15",
        "2026년 11월 24일",
        "24 tháng 11, 2026",
        "24 พฤศจิกายน 2569",
        "24 November 2026 pukul 10.15",
        "24 nëntor 2026",
        "2026-11-24T04:05:00+00:00",
        "24.11.2026 04:05",
        "24/11/26",
        "10:15 24 Nov 2026",
        "11/24/2026",
        "11-24-2026, 04:05 AM",
    ] {
        assert_eq!(read_as(text, Order::Dmy).as_deref(), Some("2026-11-24"), "{text}");
    }
}

#[test]
fn every_month_is_known() {
    let names = [
        "January February March April May June July August September October November December",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        "януари февруари март април май юни юли август септември октомври ноември декември",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "ledna února března dubna května června července srpna září října listopadu prosince",
        "január február március április május június július augusztus szeptember október november december",
        "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "januari februari mars april maj juni juli augusti september oktober november december",
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
        "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
    ];
    for language in names {
        for (at, name) in language.split(' ').enumerate() {
            assert_eq!(words::month(&name.to_lowercase()), Some(at as u16 + 1), "{name}");
        }
    }
}

#[test]
fn days_counted_back_from_now() {
    for (text, expected) in [
        ("Вчера, 14:05", "2026-02-28"),
        ("Today at 9", "2026-03-01"),
        ("5 minutes ago", "2026-03-01"),
        ("9 hours ago", "2026-02-28"),
        ("an hour ago", "2026-03-01"),
        ("2 days ago", "2026-02-27"),
        ("vor 2 Tagen", "2026-02-27"),
        ("vor 10 Stunden", "2026-02-28"),
        ("hace 2 días", "2026-02-27"),
        ("il y a 2 jours", "2026-02-27"),
        ("há 2 dias", "2026-02-27"),
        ("2 giorni fa", "2026-02-27"),
        ("2 dagen geleden", "2026-02-27"),
        ("acum 2 zile", "2026-02-27"),
        ("2 дня назад", "2026-02-27"),
        ("2 дні тому", "2026-02-27"),
        ("преди 2 дни", "2026-02-27"),
        ("2 dni temu", "2026-02-27"),
        ("před 2 dny", "2026-02-27"),
        ("2 napja ezelőtt", "2026-02-27"),
        ("2 gün önce", "2026-02-27"),
        ("πριν από 2 ημέρες", "2026-02-27"),
        ("för 2 dagar sedan", "2026-02-27"),
        ("for 2 dager siden", "2026-02-27"),
        ("2 päivää sitten", "2026-02-27"),
        ("منذ 2 أيام", "2026-02-27"),
        ("לפני 2 ימים", "2026-02-27"),
        ("2天前", "2026-02-27"),
        ("2日前", "2026-02-27"),
        ("2일 전", "2026-02-27"),
        ("2 ngày trước", "2026-02-27"),
        ("2 hari yang lalu", "2026-02-27"),
        ("1 week ago", "2026-02-22"),
        ("ayer a las 10", "2026-02-28"),
        ("wczoraj, 10:15", "2026-02-28"),
        ("昨天 10:15", "2026-02-28"),
        ("Monday at 10:15 AM", "2026-02-23"),
        ("dimanche à 10:15", "2026-03-01"),
        ("28 февраля в 10:15", "2026-02-28"),
        ("Posted December 24", "2025-12-24"),
    ] {
        assert_eq!(read_as(text, Order::Dmy).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn the_order_of_numbers_is_the_profiles_unless_the_page_tells() {
    assert_eq!(read_as("05/04/2026", Order::Mdy).as_deref(), Some("2026-05-04"));
    assert_eq!(read_as("05/04/2026", Order::Dmy).as_deref(), Some("2026-04-05"));
    assert_eq!(order_of(["05/04/2026", "24/04/2026"].into_iter()), Some(Order::Dmy));
    assert_eq!(order_of(["05-04-2026, 10:15", "04-24-2026"].into_iter()), Some(Order::Mdy));
    assert_eq!(order_of(["05/04/2026", "10:15:20"].into_iter()), None);
}

#[test]
fn what_is_no_day_is_none() {
    for text in ["", "soon", "31.02.2026", "10:15", "1.2.3", "99/99/9999", "12 roses 2026", "May be", "members only"] {
        assert_eq!(read_as(text, Order::Dmy), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in ".*") {
        let _ = read(&text, Order::Mdy, Some(now()));
        let _ = order_of(std::iter::once(text.as_str()));
    }
}
