package io.runnel.attestation.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a signing key is good for.
 *
 * @param day in UTC
 * @param region any well-formed name: callers' tools want one, and nothing depends on it
 * @param service as {@code lambda}
 */
public record SigningScope(LocalDate day, String region, String service) {
    private static final String END = "aws4_request";
    private static final Pattern DAY = Pattern.compile("[0-9]{8}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?");
    private static final int PARTS = 4;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a name is none
     */
    public SigningScope {
        if (!NAME.matcher(region).matches() || !NAME.matcher(service).matches()) {
            throw new IllegalArgumentException(
                    "region and service are 1 to 32 of a-z, 0-9 and '-' between");
        }
    }

    /** What {@code DAY/REGION/SERVICE/aws4_request} says; hostile. */
    public static Optional<SigningScope> parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != PARTS || !parts[PARTS - 1].equals(END)) {
            return Optional.empty();
        }
        if (!DAY.matcher(parts[0]).matches()) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.parse(parts[0], DateTimeFormatter.BASIC_ISO_DATE);
            return Optional.of(new SigningScope(day, parts[1], parts[2]));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The day as keys are derived from it. */
    String dayText() {
        return DateTimeFormatter.BASIC_ISO_DATE.format(day);
    }

    /**
     * Whether a key for it may be of use now: what was presigned in it counts for {@link
     * PresignedQuery#MOST}.
     */
    public boolean isNear(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return !day.isBefore(today.minusDays(PresignedQuery.MOST.toDays()))
                && !day.isAfter(today.plusDays(1));
    }

    @Override
    public String toString() {
        return "%s/%s/%s/%s".formatted(dayText(), region, service, END);
    }
}
