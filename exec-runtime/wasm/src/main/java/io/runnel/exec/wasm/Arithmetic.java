package io.runnel.exec.wasm;

import run.endive.runtime.OpcodeImpl;

/**
 * Arithmetic of the {@link Interpreter}: what the library's compiled code computes, computed by the
 * same functions of the library wherever Java's own operators do not say it.
 */
final class Arithmetic {
    private Arithmetic() {}

    /** Applies an instruction to the topmost values; answers where the next one goes. */
    static int apply(int op, long[] s, int sp) {
        long b = s[sp - 1];
        if (isUnary(op)) {
            s[sp - 1] = unary(op, b);
            return sp;
        }
        s[sp - 2] = binary(op, s[sp - 2], b);
        return sp - 1;
    }

    private static boolean isUnary(int op) {
        return op >= 0xA7
                || op == 0x45
                || op == 0x50
                || (op >= 0x67 && op <= 0x69)
                || (op >= 0x79 && op <= 0x7B)
                || (op >= 0x8B && op <= 0x91)
                || (op >= 0x99 && op <= 0x9F);
    }

    private static long unary(int op, long a) {
        if (op >= Op.PREFIXED) {
            return saturate(op - Op.PREFIXED, a);
        } else if (op >= 0xA7) {
            return convert(op, a);
        } else if (op >= 0x99) {
            return bits(doubleUnary(op, asDouble(a)));
        } else if (op >= 0x8B) {
            return bits(floatUnary(op, asFloat(a)));
        } else if (op >= 0x79) {
            return longUnary(op, a);
        } else if (op >= 0x67) {
            return intUnary(op, (int) a);
        }
        boolean isZero = op == 0x50 ? a == 0 : (int) a == 0;
        return isZero ? 1 : 0;
    }

    private static long binary(int op, long a, long b) {
        if (op >= 0xA0) {
            return bits(doubleBinary(op, asDouble(a), asDouble(b)));
        } else if (op >= 0x92) {
            return bits(floatBinary(op, asFloat(a), asFloat(b)));
        } else if (op >= 0x7C) {
            return longBinary(op, a, b);
        } else if (op >= 0x6A) {
            return intBinary(op, (int) a, (int) b);
        }
        return compare(op, a, b) ? 1 : 0;
    }

    private static boolean compare(int op, long a, long b) {
        if (op >= 0x61) {
            return doubleCompare(op, asDouble(a), asDouble(b));
        } else if (op >= 0x5B) {
            return floatCompare(op, asFloat(a), asFloat(b));
        } else if (op >= 0x51) {
            return longCompare(op, a, b);
        }
        return intCompare(op, (int) a, (int) b);
    }

    private static float asFloat(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static double asDouble(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static IllegalStateException unknown(int op) {
        return new IllegalStateException("instruction " + op);
    }

    private static boolean intCompare(int op, int a, int b) {
        return switch (op) {
            case 0x46 -> a == b;
            case 0x47 -> a != b;
            case 0x48 -> a < b;
            case 0x49 -> Integer.compareUnsigned(a, b) < 0;
            case 0x4A -> a > b;
            case 0x4B -> Integer.compareUnsigned(a, b) > 0;
            case 0x4C -> a <= b;
            case 0x4D -> Integer.compareUnsigned(a, b) <= 0;
            case 0x4E -> a >= b;
            case 0x4F -> Integer.compareUnsigned(a, b) >= 0;
            default -> throw unknown(op);
        };
    }

    private static boolean longCompare(int op, long a, long b) {
        return switch (op) {
            case 0x51 -> a == b;
            case 0x52 -> a != b;
            case 0x53 -> a < b;
            case 0x54 -> Long.compareUnsigned(a, b) < 0;
            case 0x55 -> a > b;
            case 0x56 -> Long.compareUnsigned(a, b) > 0;
            case 0x57 -> a <= b;
            case 0x58 -> Long.compareUnsigned(a, b) <= 0;
            case 0x59 -> a >= b;
            case 0x5A -> Long.compareUnsigned(a, b) >= 0;
            default -> throw unknown(op);
        };
    }

    private static boolean floatCompare(int op, float a, float b) {
        return switch (op) {
            case 0x5B -> a == b;
            case 0x5C -> a != b;
            case 0x5D -> a < b;
            case 0x5E -> a > b;
            case 0x5F -> a <= b;
            case 0x60 -> a >= b;
            default -> throw unknown(op);
        };
    }

    private static boolean doubleCompare(int op, double a, double b) {
        return switch (op) {
            case 0x61 -> a == b;
            case 0x62 -> a != b;
            case 0x63 -> a < b;
            case 0x64 -> a > b;
            case 0x65 -> a <= b;
            case 0x66 -> a >= b;
            default -> throw unknown(op);
        };
    }

    private static int intUnary(int op, int a) {
        return switch (op) {
            case 0x67 -> OpcodeImpl.I32_CLZ(a);
            case 0x68 -> OpcodeImpl.I32_CTZ(a);
            case 0x69 -> OpcodeImpl.I32_POPCNT(a);
            default -> throw unknown(op);
        };
    }

    private static int intBinary(int op, int a, int b) {
        return switch (op) {
            case 0x6A -> a + b;
            case 0x6B -> a - b;
            case 0x6C -> a * b;
            case 0x6D -> OpcodeImpl.I32_DIV_S(a, b);
            case 0x6E -> OpcodeImpl.I32_DIV_U(a, b);
            case 0x6F -> OpcodeImpl.I32_REM_S(a, b);
            case 0x70 -> OpcodeImpl.I32_REM_U(a, b);
            case 0x71 -> a & b;
            case 0x72 -> a | b;
            case 0x73 -> a ^ b;
            case 0x74 -> a << b;
            case 0x75 -> a >> b;
            case 0x76 -> a >>> b;
            case 0x77 -> Integer.rotateLeft(a, b);
            case 0x78 -> Integer.rotateRight(a, b);
            default -> throw unknown(op);
        };
    }

    private static long longUnary(int op, long a) {
        return switch (op) {
            case 0x79 -> OpcodeImpl.I64_CLZ(a);
            case 0x7A -> OpcodeImpl.I64_CTZ(a);
            case 0x7B -> OpcodeImpl.I64_POPCNT(a);
            default -> throw unknown(op);
        };
    }

    private static long longBinary(int op, long a, long b) {
        return switch (op) {
            case 0x7C -> a + b;
            case 0x7D -> a - b;
            case 0x7E -> a * b;
            case 0x7F -> OpcodeImpl.I64_DIV_S(a, b);
            case 0x80 -> OpcodeImpl.I64_DIV_U(a, b);
            case 0x81 -> OpcodeImpl.I64_REM_S(a, b);
            case 0x82 -> OpcodeImpl.I64_REM_U(a, b);
            case 0x83 -> a & b;
            case 0x84 -> a | b;
            case 0x85 -> a ^ b;
            case 0x86 -> a << b;
            case 0x87 -> a >> b;
            case 0x88 -> a >>> b;
            case 0x89 -> Long.rotateLeft(a, (int) b);
            case 0x8A -> Long.rotateRight(a, (int) b);
            default -> throw unknown(op);
        };
    }

    private static float floatUnary(int op, float a) {
        return switch (op) {
            case 0x8B -> OpcodeImpl.F32_ABS(a);
            case 0x8C -> -a;
            case 0x8D -> OpcodeImpl.F32_CEIL(a);
            case 0x8E -> OpcodeImpl.F32_FLOOR(a);
            case 0x8F -> OpcodeImpl.F32_TRUNC(a);
            case 0x90 -> OpcodeImpl.F32_NEAREST(a);
            case 0x91 -> OpcodeImpl.F32_SQRT(a);
            default -> throw unknown(op);
        };
    }

    private static float floatBinary(int op, float a, float b) {
        return switch (op) {
            case 0x92 -> a + b;
            case 0x93 -> a - b;
            case 0x94 -> a * b;
            case 0x95 -> a / b;
            case 0x96 -> OpcodeImpl.F32_MIN(a, b);
            case 0x97 -> OpcodeImpl.F32_MAX(a, b);
            case 0x98 -> OpcodeImpl.F32_COPYSIGN(a, b);
            default -> throw unknown(op);
        };
    }

    private static double doubleUnary(int op, double a) {
        return switch (op) {
            case 0x99 -> OpcodeImpl.F64_ABS(a);
            case 0x9A -> -a;
            case 0x9B -> OpcodeImpl.F64_CEIL(a);
            case 0x9C -> OpcodeImpl.F64_FLOOR(a);
            case 0x9D -> OpcodeImpl.F64_TRUNC(a);
            case 0x9E -> OpcodeImpl.F64_NEAREST(a);
            case 0x9F -> OpcodeImpl.F64_SQRT(a);
            default -> throw unknown(op);
        };
    }

    private static double doubleBinary(int op, double a, double b) {
        return switch (op) {
            case 0xA0 -> a + b;
            case 0xA1 -> a - b;
            case 0xA2 -> a * b;
            case 0xA3 -> a / b;
            case 0xA4 -> OpcodeImpl.F64_MIN(a, b);
            case 0xA5 -> OpcodeImpl.F64_MAX(a, b);
            case 0xA6 -> OpcodeImpl.F64_COPYSIGN(a, b);
            default -> throw unknown(op);
        };
    }

    private static long convert(int op, long a) {
        return switch (op) {
            case 0xA7 -> (int) a;
            case 0xA8 -> OpcodeImpl.I32_TRUNC_F32_S(asFloat(a));
            case 0xA9 -> OpcodeImpl.I32_TRUNC_F32_U(asFloat(a));
            case 0xAA -> OpcodeImpl.I32_TRUNC_F64_S(asDouble(a));
            case 0xAB -> OpcodeImpl.I32_TRUNC_F64_U(asDouble(a));
            case 0xAC -> a;
            case 0xAD -> a & 0xFFFF_FFFFL;
            case 0xAE -> OpcodeImpl.I64_TRUNC_F32_S(asFloat(a));
            case 0xAF -> OpcodeImpl.I64_TRUNC_F32_U(asFloat(a));
            case 0xB0 -> OpcodeImpl.I64_TRUNC_F64_S(asDouble(a));
            case 0xB1 -> OpcodeImpl.I64_TRUNC_F64_U(asDouble(a));
            case 0xB2 -> bits(OpcodeImpl.F32_CONVERT_I32_S((int) a));
            case 0xB3 -> bits(OpcodeImpl.F32_CONVERT_I32_U((int) a));
            case 0xB4 -> bits(OpcodeImpl.F32_CONVERT_I64_S(a));
            case 0xB5 -> bits(Conversions.f32OfUnsigned(a));
            case 0xB6 -> bits((float) asDouble(a));
            case 0xB7 -> bits(OpcodeImpl.F64_CONVERT_I32_S((int) a));
            case 0xB8 -> bits(OpcodeImpl.F64_CONVERT_I32_U((int) a));
            case 0xB9 -> bits(OpcodeImpl.F64_CONVERT_I64_S(a));
            case 0xBA -> bits(Conversions.f64OfUnsigned(a));
            case 0xBB -> bits((double) asFloat(a));
            case 0xBC -> a;
            case 0xBD -> a;
            case 0xBE -> a;
            case 0xBF -> a;
            case 0xC0 -> (byte) a;
            case 0xC1 -> (short) a;
            case 0xC2 -> (byte) a;
            case 0xC3 -> (short) a;
            case 0xC4 -> (int) a;
            default -> throw unknown(op);
        };
    }

    private static long saturate(int op, long a) {
        return switch (op) {
            case 0x00 -> OpcodeImpl.I32_TRUNC_SAT_F32_S(asFloat(a));
            case 0x01 -> OpcodeImpl.I32_TRUNC_SAT_F32_U(asFloat(a));
            case 0x02 -> OpcodeImpl.I32_TRUNC_SAT_F64_S(asDouble(a));
            case 0x03 -> OpcodeImpl.I32_TRUNC_SAT_F64_U(asDouble(a));
            case 0x04 -> OpcodeImpl.I64_TRUNC_SAT_F32_S(asFloat(a));
            case 0x05 -> OpcodeImpl.I64_TRUNC_SAT_F32_U(asFloat(a));
            case 0x06 -> OpcodeImpl.I64_TRUNC_SAT_F64_S(asDouble(a));
            case 0x07 -> OpcodeImpl.I64_TRUNC_SAT_F64_U(asDouble(a));
            default -> throw unknown(op);
        };
    }
}
