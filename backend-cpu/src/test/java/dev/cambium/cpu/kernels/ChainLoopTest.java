package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cambium.cpu.kernels.ChainLoop.Chain;
import dev.cambium.cpu.kernels.ChainLoop.Operation;
import dev.cambium.cpu.kernels.ChainLoop.Place;
import dev.cambium.cpu.kernels.ChainLoop.Slot;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.CompareKind;
import dev.cambium.tensor.Op.UnaryKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generated loops beside the loops of single operations, run without waiting until they are compiled: results are the same. */
@Tag("kernels")
class ChainLoopTest {
    private static final int N = 83;
    private static final int OFFSET = 3;
    private static final Slot FLOATS = new Slot(DType.FLOAT32, Place.READ);
    private static final Slot ONE_FLOAT = new Slot(DType.FLOAT32, Place.SPREAD);
    private static final Slot RESULT = new Slot(DType.FLOAT32, Place.WRITTEN);
    private static final Slot WITHIN = new Slot(DType.FLOAT32, Place.WITHIN);

    private final float[] a = Samples.special(N + OFFSET, 1);
    private final float[] b = Samples.special(N + OFFSET, 2);
    private final float[] expected = new float[N];

    @BeforeEach
    void vectors() {
        assumeTrue(Products.limitation().isEmpty(), "loops are generated only where there are vectors");
    }

    private static Operation operation(Op op, int target, Integer... operands) {
        return new Operation(op, Optional.empty(), List.of(operands), target);
    }

    /** Runs a generated loop and checks that it did whole vectors and wrote nothing behind them. */
    private static int run(Chain chain, Object... arrays) {
        assertThat(ChainGenerator.supports(chain)).isTrue();
        int[] offsets = new int[arrays.length];
        Arrays.fill(offsets, OFFSET);
        int done = ChainGenerator.generate(chain).run(arrays, offsets, N);
        assertThat(done).isEqualTo(N / Vectors.L * Vectors.L);
        return done;
    }

    private void assertResult(float[] result, int done) {
        for (int i = 0; i < done; i++) {
            assertThat(Float.compare(result[OFFSET + i], expected[i]))
                    .as("%d: %s, %s", i, result[OFFSET + i], expected[i])
                    .isZero();
        }
        for (int i = OFFSET + done; i < result.length; i++) {
            assertThat(result[i]).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(value = UnaryKind.class, names = {"NEG", "ABS", "SQRT", "RSQRT", "RECIPROCAL", "EXP", "EXPM1",
            "LOG", "LOG1P", "TANH", "SIGMOID", "ERF"})
    void functions_of_one_operand(UnaryKind kind) {
        float[] result = new float[N + OFFSET];
        int done = run(new Chain(List.of(FLOATS, RESULT), List.of(operation(new Op.Unary(kind), 1, 0))), a, result);
        Elementwise.unary(kind, DType.FLOAT32, a, OFFSET, expected, 0, N);
        assertResult(result, done);
    }

    @ParameterizedTest
    @EnumSource(value = BinaryKind.class, names = {"ADD", "SUB", "MUL", "DIV", "MAX", "MIN"})
    void functions_of_two_operands_one_of_which_may_stand_for_all(BinaryKind kind) {
        for (int step = 0; step <= 1; step++) {
            float[] result = new float[N + OFFSET];
            int done = run(new Chain(List.of(FLOATS, step == 0 ? ONE_FLOAT : FLOATS, RESULT),
                    List.of(operation(new Op.Binary(kind), 2, 0, 1))), a, b, result);
            Elementwise.binary(kind, DType.FLOAT32, a, OFFSET, 1, b, OFFSET, step, expected, 0, N);
            assertResult(result, done);
        }
    }

    @ParameterizedTest
    @EnumSource(CompareKind.class)
    void selections_by_a_comparison(CompareKind kind) {
        float[] result = new float[N + OFFSET];
        var choice = new Operation(new Op.Select(), Optional.of(new Op.Compare(kind)), List.of(0, 1, 1, 0), 2);
        int done = run(new Chain(List.of(FLOATS, FLOATS, RESULT), List.of(choice)), a, b, result);
        Elementwise.selectCompare(kind, a, OFFSET, 1, b, OFFSET, 1, b, OFFSET, 1, a, OFFSET, 1, expected, 0, N);
        assertResult(result, done);
    }

    @ParameterizedTest
    @EnumSource(CompareKind.class)
    void comparisons_that_are_written_and_read_again(CompareKind kind) {
        assumeTrue(Vectors.HAS_BYTES);
        byte[] condition = new byte[N + OFFSET];
        int done = run(new Chain(List.of(FLOATS, FLOATS, new Slot(DType.BOOL, Place.WRITTEN)),
                List.of(operation(new Op.Compare(kind), 2, 0, 1))), a, b, condition);
        byte[] wanted = new byte[N];
        Elementwise.compare(kind, DType.FLOAT32, a, OFFSET, 1, b, OFFSET, 1, wanted, 0, N);
        assertThat(Arrays.copyOfRange(condition, OFFSET, OFFSET + done))
                .isEqualTo(Arrays.copyOf(wanted, done));

        float[] result = new float[N + OFFSET];
        Slot bool = new Slot(DType.BOOL, Place.READ);
        run(new Chain(List.of(bool, FLOATS, ONE_FLOAT, RESULT), List.of(operation(new Op.Select(), 3, 0, 1, 2))),
                condition, a, b, result);
        Elementwise.select(DType.FLOAT32, wanted, 0, 1, a, OFFSET, 1, b, OFFSET, 0, expected, 0, N);
        assertResult(result, done);

        float[] cast = new float[N + OFFSET];
        run(new Chain(List.of(bool, RESULT), List.of(operation(new Op.Cast(), 1, 0))), condition, cast);
        Elementwise.cast(DType.BOOL, DType.FLOAT32, wanted, 0, expected, 0, N);
        assertResult(cast, done);
    }

    @Test
    void a_result_may_lie_where_an_operand_lies() {
        float[] state = a.clone();
        Chain chain = new Chain(List.of(FLOATS, FLOATS, RESULT, WITHIN),
                List.of(operation(new Op.Binary(BinaryKind.MUL), 3, 0, 1),
                        operation(new Op.Binary(BinaryKind.ADD), 2, 3, 0)));
        int done = run(chain, state, b, state, state);
        for (int i = OFFSET; i < OFFSET + done; i++) {
            float wanted = a[i] * b[i] + a[i];
            assertThat(Float.compare(state[i], wanted)).isZero();
        }
        assertThat(Arrays.copyOfRange(state, OFFSET + done, state.length))
                .isEqualTo(Arrays.copyOfRange(a, OFFSET + done, a.length));
    }

    @Test
    void functions_follow_each_other() {
        float[] result = new float[N + OFFSET];
        Chain chain = new Chain(List.of(FLOATS, RESULT, WITHIN, WITHIN),
                List.of(operation(new Op.Unary(UnaryKind.TANH), 2, 0), operation(new Op.Unary(UnaryKind.ERF), 3, 2),
                        operation(new Op.Binary(BinaryKind.SUB), 1, 2, 3)));
        int done = run(chain, a, result, result, result);
        float[] tanh = new float[N];
        float[] erf = new float[N];
        Elementwise.unary(UnaryKind.TANH, DType.FLOAT32, a, OFFSET, tanh, 0, N);
        Elementwise.unary(UnaryKind.ERF, DType.FLOAT32, tanh, 0, erf, 0, N);
        Elementwise.binary(BinaryKind.SUB, DType.FLOAT32, tanh, 0, 1, erf, 0, 1, expected, 0, N);
        assertResult(result, done);
    }

    @Test
    void chains_that_are_too_long_to_be_compiled_or_have_other_functions_are_refused() {
        var slots = new ArrayList<Slot>(Collections.nCopies(500, WITHIN));
        slots.set(0, FLOATS);
        var operations = new ArrayList<Operation>();
        for (int i = 1; i < slots.size(); i++) {
            operations.add(operation(new Op.Unary(UnaryKind.NEG), i, i - 1));
        }
        assertThat(ChainGenerator.supports(new Chain(slots, operations))).isFalse();
        assertThat(ChainGenerator.supports(new Chain(slots, operations.subList(0, 30)))).isTrue();
        List<Operation> functions = operations.subList(0, 30).stream()
                .map(neg -> new Operation(new Op.Unary(UnaryKind.ERF), neg.condition(), neg.operands(), neg.target()))
                .toList();
        assertThat(ChainGenerator.supports(new Chain(slots, functions))).isFalse();
        assertThat(ChainGenerator.supports(
                new Chain(List.of(FLOATS, RESULT), List.of(operation(new Op.Unary(UnaryKind.SIN), 1, 0))))).isFalse();
    }
}
