package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;

/** Views name the elements that they say, checked element by element. */
class ViewTest {
    private static View plain(int... dims) {
        Shape shape = Shape.of(dims);
        return View.rowMajor(new Storage(DType.FLOAT32, Math.toIntExact(shape.size()), "x"), shape);
    }

    /** The place in the storage of each element, in row-major order. */
    private static int[] places(View view) {
        int[] places = new int[view.size()];
        for (int i = 0; i < places.length; i++) {
            int rest = i;
            places[i] = view.offset();
            for (int axis = view.rank() - 1; axis >= 0; axis--) {
                places[i] += rest % view.shape().dim(axis) * view.strides()[axis];
                rest /= view.shape().dim(axis);
            }
        }
        return places;
    }

    /** A view made by some changes of shape drawn at random. */
    private static View random(Random random) {
        int rank = random.nextInt(5);
        View view = plain(random.ints(rank, 1, 5).toArray());
        for (int i = random.nextInt(4); i > 0; i--) {
            int[] dims = view.shape().dims();
            int axis = dims.length == 0 ? 0 : random.nextInt(dims.length);
            switch (random.nextInt(dims.length == 0 ? 1 : 4)) {
                case 0 -> view = view.broadcast(view.shape().prepend(1 + random.nextInt(3)));
                case 1 -> {
                    List<Integer> permutation = new ArrayList<>(IntStream.range(0, dims.length).boxed().toList());
                    Collections.shuffle(permutation, random);
                    view = view.transpose(permutation,
                            Shape.of(permutation.stream().mapToInt(from -> dims[from]).toArray()));
                }
                case 2 -> {
                    int step = 1 + random.nextInt(2);
                    int start = random.nextInt(dims[axis]);
                    List<Integer> starts = new ArrayList<>(Collections.nCopies(dims.length, 0));
                    List<Integer> steps = new ArrayList<>(Collections.nCopies(dims.length, 1));
                    starts.set(axis, start);
                    steps.set(axis, step);
                    view = view.slice(starts, steps,
                            view.shape().withDim(axis, Math.ceilDiv(dims[axis] - start, step)));
                }
                default -> view = view.reverse(List.of(axis));
            }
        }
        return view;
    }

    /** All shapes of so many elements and four axes. */
    private static List<Shape> shapes(int size) {
        var shapes = new ArrayList<Shape>();
        for (int a = 1; a <= size; a++) {
            for (int b = 1; size % a == 0 && b <= size / a; b++) {
                for (int c = 1; size / a % b == 0 && c <= size / a / b; c++) {
                    if (size / a / b % c == 0) {
                        shapes.add(Shape.of(a, b, c, size / a / b / c));
                    }
                }
            }
        }
        return shapes;
    }

    @Test
    void a_reshaped_view_names_the_same_elements() {
        var random = new Random(1);
        for (int i = 0; i < 300; i++) {
            View view = random(random);
            for (Shape shape : shapes(view.size())) {
                Optional<View> reshaped = view.reshape(shape);
                reshaped.ifPresent(it -> assertThat(places(it)).as("%s as %s", view, shape).isEqualTo(places(view)));
            }
        }
    }

    /** Where no view is found, no strides at all would do. */
    @Test
    void no_copy_is_made_where_a_view_would_do() {
        var random = new Random(2);
        for (int i = 0; i < 300; i++) {
            View view = random(random);
            for (Shape shape : shapes(view.size())) {
                if (view.reshape(shape).isEmpty()) {
                    int[] places = places(view);
                    int[] dense = shape.strides();
                    int[] strides = IntStream.range(0, shape.rank())
                            .map(axis -> shape.dim(axis) == 1 ? 0 : places[dense[axis]] - places[0]).toArray();
                    View only = new View(view.storage(), shape, view.offset(), strides);
                    assertThat(places(only)).as("%s as %s", view, shape).isNotEqualTo(places);
                }
            }
        }
    }

    @Test
    void a_dense_order_is_one_in_which_elements_follow_each_other() {
        var random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            View view = random(random);
            int[] sorted = places(view);
            Arrays.sort(sorted);
            int lowest = sorted[0];
            boolean gapless = Arrays.equals(sorted, IntStream.range(lowest, lowest + view.size()).toArray());
            boolean dense = gapless && lowest == view.offset();
            assertThat(view.denseOrder().isPresent()).as("%s", view).isEqualTo(dense);
            view.denseOrder().ifPresent(order -> {
                assertThat(view.isDense(order)).isTrue();
                View moved = view.transpose(Arrays.stream(order).boxed().toList(),
                        Shape.of(Arrays.stream(order).map(view.shape()::dim).toArray()));
                assertThat(places(moved)).isSorted();
            });
            assertThat(view.isRowMajor()).isEqualTo(dense && isSorted(places(view)));
        }
    }

    private static boolean isSorted(int[] places) {
        return IntStream.range(1, places.length).allMatch(i -> places[i] > places[i - 1]);
    }

    @Test
    void a_sample_wise_view_keeps_each_sample_in_its_run_of_the_storage() {
        var random = new Random(4);
        for (int i = 0; i < 1000; i++) {
            View view = random(random);
            if (view.rank() == 0) {
                assertThat(view.isSampleWise(view.storage().size())).isFalse();
                continue;
            }
            int samples = view.shape().dim(0);
            int sampleSize = view.storage().size() / samples;
            int[] places = places(view);
            boolean keeps = IntStream.range(0, places.length)
                    .allMatch(k -> Math.floorDiv(places[k], Math.max(1, sampleSize)) == k / (places.length / samples));
            if (view.isSampleWise(sampleSize)) {
                assertThat(keeps).as("%s", view).isTrue();
            } else if (samples > 1 && view.strides()[0] == sampleSize) {
                assertThat(keeps).as("%s", view).isFalse();
            }
        }
    }

    @Test
    void empty_views_and_scalars_have_any_shape() {
        assertThat(plain(3, 0).reshape(Shape.of(0, 7))).isPresent();
        assertThat(plain(3, 0).transpose(List.of(1, 0), Shape.of(0, 3)).reshape(Shape.of(5, 0))).isPresent();
        assertThat(plain().reshape(Shape.of(1, 1))).isPresent();
        assertThat(plain(1, 1).broadcast(Shape.of(1, 1)).reshape(Shape.scalar())).isPresent();
    }

    @Test
    void splats_hold_one_element() {
        assertThat(plain().isSplat()).isTrue();
        assertThat(plain(1, 1).isSplat()).isTrue();
        assertThat(plain(1).broadcast(Shape.of(4, 5)).isSplat()).isTrue();
        assertThat(plain(5).broadcast(Shape.of(4, 5)).isSplat()).isFalse();
    }

    @Test
    void a_view_is_shown_with_what_is_special_about_it() {
        assertThat(plain(2, 3)).hasToString("x [2, 3]");
        assertThat(plain(2, 3).reverse(List.of(1))).hasToString("x [2, 3] by [3, -1] from 2");
    }
}
