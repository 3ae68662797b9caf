package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How many calls a version gets that is tried.
 *
 * @param permille of a thousand
 * @param stickyBy the header whose value says which calls go together
 */
record CanaryShare(int permille, Optional<String> stickyBy) {
    private static final int ALL = 1000;
    private static final int OF_A_PERCENT = 10;

    /**
     * Reads a share as {@code 5%} or {@code 0.5%}.
     *
     * @throws CliException if it is none
     */
    static CanaryShare parse(String text, Optional<String> stickyBy) {
        if (!text.matches("[0-9]{1,2}([.][0-9])?%")) {
            throw wrong(text);
        }
        BigDecimal percent = new BigDecimal(text.substring(0, text.length() - 1));
        int permille = percent.multiply(BigDecimal.valueOf(OF_A_PERCENT)).intValueExact();
        if (permille < 1 || permille >= ALL) {
            throw wrong(text);
        }
        return new CanaryShare(permille, stickyBy);
    }

    private static CliException wrong(String text) {
        return CliException.usage("a share must be 0.1%% to 99.9%%: '%s'".formatted(text));
    }

    /** As the control API takes it. */
    void put(ObjectNode json) {
        json.put("permille", permille);
        stickyBy.ifPresent(header -> json.put("stickyBy", header));
    }

    /** {@code 5%}. */
    static String shown(int permille) {
        return BigDecimal.valueOf(permille, 1).stripTrailingZeros().toPlainString() + "%";
    }

    @Override
    public String toString() {
        return shown(permille);
    }
}
