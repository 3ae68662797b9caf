package io.runnel.exec.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;

/** Calendars by chance, against what the words of UNIX cron's manual say, day by day. */
final class CronSweepTest {
    private static final int CALENDARS = 400;
    private static final int DAYS = 366 * 9;

    /** One field: what is written, and which values that means. */
    private record Said(String text, BitSet values) {
        static Said of(Random random, int least, int most) {
            StringBuilder text = new StringBuilder();
            BitSet values = new BitSet();
            for (int parts = 1 + random.nextInt(2); parts > 0; parts--) {
                text.append(text.isEmpty() ? "" : ",").append(part(random, least, most, values));
            }
            return new Said(text.toString(), values);
        }

        private static String part(Random random, int least, int most, BitSet values) {
            int from = least + random.nextInt(most - least + 1);
            int to = from + random.nextInt(most - from + 1);
            int step = 1 + random.nextInt(Math.max(1, (most - least) / 2));
            return switch (random.nextInt(4)) {
                case 0 -> put(values, from, from, 1, "" + from);
                case 1 -> put(values, from, to, 1, from + "-" + to);
                case 2 -> put(values, from, to, step, from + "-" + to + "/" + step);
                default -> put(values, least, most, step, "*/" + step);
            };
        }

        private static String put(BitSet values, int from, int to, int step, String text) {
            for (int i = from; i <= to; i += step) {
                values.set(i);
            }
            return text;
        }

        /** It says nothing. */
        static Said star(int least, int most) {
            BitSet values = new BitSet();
            values.set(least, most + 1);
            return new Said("*", values);
        }

        boolean saysAll() {
            return text.equals("*") || text.equals("*/1");
        }
    }

    private record Cron(Said minute, Said hour, Said day, Said month, Said weekday) {
        static Cron of(Random random) {
            return new Cron(
                    Said.of(random, 0, 59),
                    Said.of(random, 0, 23),
                    random.nextBoolean() ? Said.star(1, 31) : Said.of(random, 1, 31),
                    random.nextBoolean() ? Said.star(1, 12) : Said.of(random, 1, 12),
                    random.nextBoolean() ? Said.star(0, 6) : Said.of(random, 0, 6));
        }

        @Override
        public String toString() {
            return String.join(" ", minute.text, hour.text, day.text, month.text, weekday.text);
        }

        private boolean hasDay(LocalDate date) {
            boolean byDay = day.values.get(date.getDayOfMonth());
            boolean byWeekday = weekday.values.get(date.getDayOfWeek().getValue() % 7);
            boolean either = !day.saysAll() && !weekday.saysAll();
            return month.values.get(date.getMonthValue())
                    && (either ? byDay || byWeekday : byDay && byWeekday);
        }

        Optional<LocalDateTime> next(LocalDateTime after) {
            LocalDate date = after.toLocalDate();
            for (int i = 0; i < DAYS; i++, date = date.plusDays(1)) {
                if (!hasDay(date)) {
                    continue;
                }
                for (int h = hour.values.nextSetBit(0); h >= 0; h = hour.values.nextSetBit(h + 1)) {
                    for (int m = minute.values.nextSetBit(0);
                            m >= 0;
                            m = minute.values.nextSetBit(m + 1)) {
                        if (date.atTime(h, m).isAfter(after)) {
                            return Optional.of(date.atTime(h, m));
                        }
                    }
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<CronCalendar> calendar(Cron cron) {
        try {
            return Optional.of(CronCalendar.of(cron.toString(), ZoneOffset.UTC));
        } catch (IllegalArgumentException e) {
            assertEquals("means no moment that ever comes", e.getMessage(), cron.toString());
            return Optional.empty();
        }
    }

    @Test
    void eachMeansWhatItSays() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int come = 0;
        for (int i = 0; i < CALENDARS; i++) {
            Cron cron = Cron.of(random);
            Optional<CronCalendar> calendar = calendar(cron);
            LocalDateTime after =
                    LocalDateTime.of(2026, 1, 1, 0, 0).plusMinutes(random.nextInt(5_000_000));
            for (int j = 0; j < 4; j++) {
                Optional<Instant> expected = cron.next(after).map(t -> t.toInstant(ZoneOffset.UTC));
                Instant from = after.toInstant(ZoneOffset.UTC);
                Optional<Instant> said = calendar.flatMap(its -> its.next(from));
                assertEquals(expected, said, "%s after %s: seed %d".formatted(cron, after, seed));
                after = expected.map(t -> LocalDateTime.ofInstant(t, ZoneOffset.UTC)).orElse(after);
                come += expected.isPresent() ? 1 : 0;
            }
        }
        assertTrue(come > CALENDARS, "most come: seed " + seed);
    }
}
