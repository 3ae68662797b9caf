package io.runnel.exec.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/** What calendars mean, and what is none. What the library is relied on for is all here. */
final class CronCalendarTest {
    private static final String AMSTERDAM = "Europe/Amsterdam";

    private static CronCalendar calendar(String cron, String zone) {
        return CronCalendar.of(cron, CronCalendar.zone(zone));
    }

    private static Instant at(String text) {
        return Instant.parse(text.length() == 16 ? text + ":00Z" : text);
    }

    /** Its next moments, by UTC. */
    private static List<String> next(String cron, String zone, String after, int count) {
        CronCalendar calendar = calendar(cron, zone);
        List<String> all = new ArrayList<>();
        Instant last = at(after);
        for (int i = 0; i < count; i++) {
            last = calendar.next(last).orElseThrow();
            all.add(last.toString().replace(":00Z", ""));
        }
        return all;
    }

    private static void assertNext(String cron, String zone, String after, String... expected) {
        assertEquals(List.of(expected), next(cron, zone, after, expected.length), cron);
    }

    @Test
    void aTableOfCalendars() {
        String monday = "2026-11-30T05:59";
        assertNext("0 6 * * MON-FRI", "UTC", monday, "2026-11-30T06:00", "2026-12-01T06:00");
        assertNext("0 6 * * mon-fri", "UTC", "2026-12-04T06:00", "2026-12-07T06:00");
        assertNext("* * * * *", "UTC", monday, "2026-11-30T06:00", "2026-11-30T06:01");
        assertNext("*/20 * * * *", "UTC", monday, "2026-11-30T06:00", "2026-11-30T06:20");
        assertNext("5-15/5 8 * * *", "UTC", monday, "2026-11-30T08:05", "2026-11-30T08:10");
        assertNext("1,3 0 1 JAN,JUL *", "UTC", monday, "2027-01-01T00:01", "2027-01-01T00:03");
        assertNext("0 0 31 * *", "UTC", monday, "2026-12-31T00:00", "2027-01-31T00:00");
        assertNext("59 23 31 12 *", "UTC", monday, "2026-12-31T23:59", "2027-12-31T23:59");
        for (String sunday : List.of("0", "7", "SUN")) {
            String cron = "0 0 * * " + sunday;
            assertNext(cron, "UTC", monday, "2026-12-06T00:00", "2026-12-13T00:00");
        }
        String weekend = "0 0 * * FRI-SUN";
        assertNext(
                weekend,
                "UTC",
                monday,
                "2026-12-04T00:00",
                "2026-12-05T00:00",
                "2026-12-06T00:00",
                "2026-12-11T00:00");
        for (String all : List.of("SUN-SAT", "0-6", "1-7", "MON-SUN", "SUN-SUN", "0-7", "*/1")) {
            String cron = "0 0 * * " + all;
            assertNext(cron, "UTC", "2026-12-05T00:00", "2026-12-06T00:00", "2026-12-07T00:00");
        }
        assertNext("0 0 * * SUN-MON", "UTC", monday, "2026-12-06T00:00", "2026-12-07T00:00");
        assertNext("@hourly", "UTC", monday, "2026-11-30T06:00", "2026-11-30T07:00");
        assertNext("@daily", "UTC", monday, "2026-12-01T00:00", "2026-12-02T00:00");
        assertNext("@weekly", "UTC", monday, "2026-12-06T00:00", "2026-12-13T00:00");
        assertNext("@monthly", "UTC", monday, "2026-12-01T00:00", "2027-01-01T00:00");
        assertNext("  0  6 * * *  ", "UTC", monday, "2026-11-30T06:00");
    }

    /** Where both days are said, either is enough. */
    @Test
    void aDayOfTheMonthOrOfTheWeek() {
        assertNext(
                "0 0 13 * FRI",
                "UTC",
                "2026-11-05T00:00",
                "2026-11-06T00:00",
                "2026-11-13T00:00",
                "2026-11-20T00:00",
                "2026-11-27T00:00",
                "2026-12-04T00:00",
                "2026-12-11T00:00",
                "2026-12-13T00:00");
    }

    @Test
    void theZonesClockCounts() {
        String after = "2026-11-30T00:00";
        assertNext("0 6 * * *", AMSTERDAM, after, "2026-11-30T05:00");
        assertNext("0 6 * * *", "America/New_York", after, "2026-11-30T11:00");
        assertNext("0 6 * * *", "Asia/Kolkata", after, "2026-11-30T00:30");
        assertNext("0 6 * * *", "Pacific/Kiritimati", after, "2026-11-30T16:00");
        assertNext("0 0 1 * *", "Pacific/Kiritimati", after, "2026-11-30T10:00");
        assertNext("0 6 * * *", AMSTERDAM, "2026-07-01T00:00", "2026-07-01T04:00");
    }

    @Test
    void leapDays() {
        assertNext("0 0 29 2 *", "UTC", "2026-11-30T00:00", "2028-02-29T00:00", "2032-02-29T00:00");
        assertNext("0 0 29 2 *", "UTC", "2096-03-01T00:00", "2104-02-29T00:00");
    }

    /** At two in the morning of 29 March 2026 clocks show three. */
    @Test
    void aTimeThatDoesNotExistIsTheMomentAfterTheGap() {
        String before = "2026-03-28T12:00";
        assertNext("30 2 * * *", AMSTERDAM, before, "2026-03-29T01:00", "2026-03-30T00:30");
        assertNext("0 2 * * *", AMSTERDAM, before, "2026-03-29T01:00", "2026-03-30T00:00");
        assertNext("0 3 * * *", AMSTERDAM, before, "2026-03-29T01:00", "2026-03-30T01:00");
        assertNext("30 2 29 3 *", AMSTERDAM, before, "2026-03-29T01:00", "2027-03-29T00:30");
        // Several, and one that is there: one moment.
        assertNext(
                "*/20 1-3 * * *",
                AMSTERDAM,
                "2026-03-29T00:30",
                "2026-03-29T00:40",
                "2026-03-29T01:00",
                "2026-03-29T01:20",
                "2026-03-29T01:40",
                "2026-03-29T23:00");
        // Half an hour, at another place.
        assertNext("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00", "2026-10-03T15:30");
    }

    /** At three in the morning of 25 October 2026 clocks show two. */
    @Test
    void aTimeThatComesTwiceIsTheFirst() {
        String before = "2026-10-24T12:00";
        assertNext("30 2 * * *", AMSTERDAM, before, "2026-10-25T00:30", "2026-10-26T01:30");
        assertNext("0 3 * * *", AMSTERDAM, before, "2026-10-25T02:00", "2026-10-26T02:00");
        assertNext(
                "*/30 * * * *",
                AMSTERDAM,
                "2026-10-25T00:00",
                "2026-10-25T00:30",
                "2026-10-25T02:00",
                "2026-10-25T02:30");
        // Whoever asks between the second times.
        assertNext("* * * * *", AMSTERDAM, "2026-10-25T01:17", "2026-10-25T02:00");
        assertNext("30 2 25 10 *", AMSTERDAM, "2026-10-25T00:30", "2027-10-25T00:30");
        assertNext("* * * * *", "UTC", "2026-10-25T00:59", "2026-10-25T01:00", "2026-10-25T01:01");
    }

    @Test
    void betweenWholeSecondsTheNextIsTheNext() {
        CronCalendar calendar = calendar("0 6 * * *", "UTC");
        Instant six = at("2026-11-30T06:00");
        assertEquals(Optional.of(six), calendar.next(six.minusNanos(1)));
        assertEquals(Optional.of(six.plusSeconds(86_400)), calendar.next(six));
        assertEquals(Optional.of(six.plusSeconds(86_400)), calendar.next(six.plusNanos(1)));
    }

    @Test
    void theLastOneOfSome() {
        CronCalendar every = calendar("* * * * *", "UTC");
        Instant noon = at("2026-11-30T12:00");
        assertEquals(Optional.of(noon), every.last(noon.minusSeconds(86_400), noon));
        assertEquals(Optional.of(noon), every.last(noon.minusNanos(1), noon.plusSeconds(59)));
        assertEquals(Optional.empty(), every.last(noon, noon.plusSeconds(59)));
        assertEquals(Optional.empty(), every.last(noon, noon.minusSeconds(7)));
        CronCalendar morning = calendar("5 0-11 * * *", "UTC");
        Optional<Instant> last = Optional.of(at("2026-11-30T11:05"));
        assertEquals(last, morning.last(noon.minusSeconds(80_000), noon.plusSeconds(40_000)));
    }

    /** Against one look after the other. */
    @Test
    void theLastOneOfAnyTime() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> crons =
                List.of("*/7 * * * *", "30 2 * * *", "0 0-5 * * *", "1,2,50 */3 * * 1-3", "@daily");
        for (int i = 0; i < 60; i++) {
            CronCalendar calendar = calendar(crons.get(i % crons.size()), AMSTERDAM);
            Instant after = at("2026-03-28T00:00").plusSeconds(random.nextInt(3 * 86_400));
            Instant upTo = after.plusSeconds(random.nextInt(86_400));
            TreeSet<Instant> all = new TreeSet<>();
            Optional<Instant> next = calendar.next(after).filter(n -> !n.isAfter(upTo));
            while (next.isPresent()) {
                assertTrue(all.add(next.get()), "it goes on: seed " + seed);
                next = calendar.next(all.last()).filter(n -> !n.isAfter(upTo));
            }
            Optional<Instant> expected = all.isEmpty() ? Optional.empty() : Optional.of(all.last());
            assertEquals(expected, calendar.last(after, upTo), "seed " + seed);
        }
    }

    private static String refused(String cron) {
        return assertThrows(IllegalArgumentException.class, () -> calendar(cron, "UTC"), cron)
                .getMessage();
    }

    @Test
    void whatNeverComesIsRefused() {
        for (String never :
                List.of(
                        "0 0 30 2 *",
                        "0 0 31 2 *",
                        "0 0 31 4,6,9,11 *",
                        "* * 30-31 FEB *",
                        "0 0 30 2 */1")) {
            assertEquals("means no moment that ever comes", refused(never), never);
        }
    }

    @Test
    void whatIsWrongIsNamedByItsField() {
        Map<String, String> wrong =
                Map.ofEntries(
                        Map.entry("61 * * * *", "minute"),
                        Map.entry("*/0 * * * *", "minute"),
                        Map.entry("*/70 * * * *", "minute"),
                        Map.entry("30-10 * * * *", "minute"),
                        Map.entry("1,,2 * * * *", "minute"),
                        Map.entry("5/15 * * * *", "minute"),
                        Map.entry("-5 * * * *", "minute"),
                        Map.entry("1-2-3 * * * *", "minute"),
                        Map.entry("*/2147483648 * * * *", "minute"),
                        Map.entry("99999999999 * * * *", "minute"),
                        Map.entry("\u0661 * * * *", "minute"),
                        Map.entry("$(id) * * * *", "minute"),
                        Map.entry("* 24 * * *", "hour"),
                        Map.entry("* MON * * *", "hour"),
                        Map.entry("* * 0 * *", "day of the month"),
                        Map.entry("* * 32 * *", "day of the month"),
                        Map.entry("* * L * *", "day of the month"),
                        Map.entry("* * 15W * *", "day of the month"),
                        Map.entry("* * ? * *", "day of the month"),
                        Map.entry("* * * 0 *", "month"),
                        Map.entry("* * * 13 *", "month"),
                        Map.entry("* * * MON *", "month"),
                        Map.entry("* * * * 8", "day of the week"),
                        Map.entry("* * * * JAN", "day of the week"),
                        Map.entry("* * * * MON#2", "day of the week"),
                        Map.entry("* * * * FRI-MON", "day of the week"),
                        Map.entry("* * * * 5L", "day of the week"));
        wrong.forEach(
                (cron, field) -> {
                    String said = refused(cron);
                    assertTrue(said.startsWith(field + " must be "), cron + ": " + said);
                    assertFalse(said.contains("cronutils"), said);
                });
    }

    @Test
    void whatHasNotFiveFieldsIsRefused() {
        for (String cron :
                List.of("", " ", "* * * *", "* * * * * *", "@reboot", "@yearly", "@Daily", "x\0")) {
            assertTrue(refused(cron).startsWith("must be five fields (minute, hour"), cron);
        }
        assertTrue(refused("*,".repeat(100) + "* * * * *").contains("at most 128"));
    }

    @Test
    void aZoneIsANameThatThereIs() {
        for (String bad :
                List.of("", "Mars/Olympus", "+02:00", "UTC+1", "europe/amsterdam", "../UTC", "Z")) {
            assertThrows(IllegalArgumentException.class, () -> CronCalendar.zone(bad), bad);
        }
        assertEquals("Etc/UTC", CronCalendar.zone("Etc/UTC").getId());
    }

    /** As long as may be, and what the library has to look for longest. */
    @Test
    void hostileCalendarsTakeLittleTime() {
        String list =
                "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28";
        List<String> hostile =
                List.of(list + " * * * *", "59 23 29 2 *", "0 0 29 FEB SUN-SAT", "0 0 31 12 *");
        hostile.forEach(cron -> calendar(cron, AMSTERDAM).next(at("2096-03-01T00:00")));
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            for (String cron : hostile) {
                CronCalendar calendar = calendar(cron, AMSTERDAM);
                assertTrue(calendar.next(at("2096-03-01T00:00")).isPresent());
            }
            refused("0 0 31 2,4,6,9,11 *");
        }
        Duration each = Duration.ofNanos((System.nanoTime() - start) / 100);
        assertTrue(each.toMillis() < 100, "each took " + each);
    }
}
