package dev.cambium.tck;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tck.BackendConformance.Concurrency;
import dev.cambium.tck.BackendConformance.Elementwise;
import dev.cambium.tck.BackendConformance.Failures;
import dev.cambium.tck.BackendConformance.Lifecycle;
import dev.cambium.tck.BackendConformance.Movement;
import dev.cambium.tck.BackendConformance.Products;
import dev.cambium.tck.BackendConformance.RandomBits;
import dev.cambium.tck.BackendConformance.RandomGraphs;
import dev.cambium.tck.BackendConformance.Reductions;
import dev.cambium.tck.BackendConformance.Variables;
import dev.cambium.tck.BrokenBackend.Compilation;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/**
 * What a backend may get wrong, and the check that is meant to catch it.
 *
 * @param name
 *            what is wrong
 * @param group
 *            a nested class of the kit
 * @param check
 *            the name of its method
 * @param message
 *            what that one's failure says, among other things
 * @param compilation
 *            how the broken backend compiles
 */
record Fault(String name, Class<?> group, String check, String message, Compilation compilation) {
    static Stream<Fault> all() {
        return Stream.of(of("a wrong gradient", Products.class, "convolution_and_its_gradients",
                "by weights (conv2d_weight_gradient float32[1, 1, 3, 3])",
                tensor -> tensor.op() instanceof Op.Conv2dWeightGradient ? tensor.reverse(2, 3) : tensor),

                of("a wrong broadcast", Movement.class, "repetition_aligns_at_the_innermost_axis",
                        "to [3, 3] (broadcast float32[3, 3])",
                        tensor -> tensor.op() instanceof Op.Broadcast ? alignedOutside(tensor) : tensor),

                of("a race", Concurrency.class, "no_update_is_lost_where_executables_share_a_variable",
                        "a variable to which two executables, run by 4 threads, added 1 800 times",
                        BrokenBackend::compileInPieces),

                of("a leaked buffer", Variables.class, "two_variables_swap_their_values",
                        "still open: [buffer of float32[]",
                        (sound, graph, variables) -> {
                            sound.buffer(NdArray.scalar(1f));
                            return sound.compile(graph, variables);
                        }),

                of("an executable that closing forgets", Lifecycle.class,
                        "a_backend_with_an_open_executable_does_not_close",
                        "closing a backend while an executable is open",
                        (sound, graph, variables) -> graph.variables().isEmpty()
                                ? ReferenceBackend.rounded().compile(graph, Map.of())
                                : sound.compile(graph, variables)),

                of("an off by one in padding", Products.class, "convolution_and_its_gradients",
                        "result (conv2d float32[2, 4, 7, 5])",
                        tensor -> tensor.op() instanceof Op.Conv2d(Window2d window, int groups) && window.top() > 0
                                ? Tensor.of(new Op.Conv2d(oneUp(window), groups), tensor.type(), tensor.inputs())
                                : tensor),

                of("a mask from another generator", RandomBits.class, "bits_of_a_stream_are_words_of_philox",
                        "element 0 of random_bits int32[3, 7] of stream 0, seed 0 and step 0",
                        tensor -> tensor.op() instanceof Op.RandomBits ? congruential(tensor) : tensor),

                of("NaN swallowed by max", Elementwise.class, "functions_of_two_nans_infinities_and_zeros",
                        "instead of NaN",
                        tensor -> tensor.op() instanceof Op.Binary(Op.BinaryKind kind) && kind == Op.BinaryKind.MAX
                                ? Tensor.select(tensor.inputs().get(0).gt(tensor.inputs().get(1)),
                                        tensor.inputs().get(0),
                                        tensor.inputs().get(1))
                                : tensor),

                of("an update seen too early", Variables.class, "two_variables_swap_their_values",
                        "variable b (float32[",
                        BrokenBackend::compileWithEarlyUpdate),

                of("a failed run that updates half", Failures.class, "an_integer_divided_by_zero_fails_the_whole_run",
                        "variable a after a failed run", BrokenBackend::compileInPieces),

                of("an index moved into its table", Failures.class, "an_index_outside_its_table_fails_the_whole_run",
                        "gather, index -1: a run over values at fault",
                        tensor -> tensor.op() instanceof Op.Gather
                                ? tensor.inputs().get(0).gather(tensor.inputs().get(1).clamp(0,
                                        tensor.inputs().get(0).shape().dim(0) - 1))
                                : tensor),

                of("a reversal lost after a transposition", RandomGraphs.class, "graphs_from_this_seed_on",
                        "shrunk to what still is:",
                        tensor -> tensor.op() instanceof Op.Reverse
                                && tensor.inputs().get(0).op() instanceof Op.Transpose ? tensor.inputs().get(0)
                                        : tensor),

                of("the last of equals", Reductions.class, "of_equals_the_first_is_largest_and_nan_above_all",
                        "(arg_max int64[50])",
                        tensor -> tensor.op() instanceof Op.ArgMax(int axis) ? lastLargest(tensor.inputs().get(0), axis)
                                : tensor),

                of("integers divided downwards", Elementwise.class, "functions_of_two_elements", "(div int32[4, 9])",
                        tensor -> tensor.op() instanceof Op.Binary(Op.BinaryKind kind) && kind == Op.BinaryKind.DIV
                                && !tensor.dtype().isFloating() ? dividedDownwards(tensor) : tensor),

                of("halves rounded upwards", Elementwise.class, "functions_of_nan_infinities_and_zeros",
                        "(round float32[200])",
                        tensor -> tensor.op() instanceof Op.Unary(Op.UnaryKind kind) && kind == Op.UnaryKind.ROUND
                                ? tensor.inputs().get(0).add(0.5).floor()
                                : tensor));
    }

    private static Fault of(String name, Class<?> group, String check, String message, Compilation compilation) {
        return new Fault(name, group, check, message, compilation);
    }

    private static Fault of(String name, Class<?> group, String check, String message, UnaryOperator<Tensor> rule) {
        return new Fault(name, group, check, message, BrokenBackend.replacing(rule));
    }

    @Override
    public String toString() {
        return name;
    }

    /** Repetition with axes aligned at the outermost, where the shapes allow that. */
    private static Tensor alignedOutside(Tensor broadcast) {
        Tensor x = broadcast.inputs().get(0);
        int[] dims = Arrays.copyOf(x.shape().dims(), broadcast.shape().rank());
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = axis < x.shape().rank() ? dims[axis] : 1;
            if (dims[axis] != 1 && dims[axis] != broadcast.shape().dim(axis)) {
                return broadcast;
            }
        }
        return x.reshape(dims).broadcastTo(broadcast.shape());
    }

    private static Window2d oneUp(Window2d window) {
        return new Window2d(window.height(), window.width(), window.strideHeight(), window.strideWidth(),
                window.dilationHeight(), window.dilationWidth(), window.top() - 1, window.bottom() + 1, window.left(),
                window.right());
    }

    private static Tensor congruential(Tensor bits) {
        Tensor seed = bits.inputs().get(0).add(bits.inputs().get(1)).cast(bits.dtype());
        Tensor counter = Tensor.iota(new TensorType(bits.dtype(), Shape.of((int) bits.shape().size())), 0);
        return counter.add(seed).mul(1664525).add(1013904223).reshape(bits.shape());
    }

    private static Tensor lastLargest(Tensor x, int axis) {
        return x.reverse(axis).argMax(axis).neg().add(x.shape().dim(axis) - 1);
    }

    private static Tensor dividedDownwards(Tensor quotient) {
        Tensor a = quotient.inputs().get(0);
        Tensor b = quotient.inputs().get(1);
        Tensor rest = a.sub(quotient.mul(b));
        Tensor zero = Tensor.zeros(a.type());
        Tensor below = rest.ne(zero).and(rest.lt(zero).xor(b.lt(zero)));
        return Tensor.select(below, quotient.sub(1), quotient);
    }
}
