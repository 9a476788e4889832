/*
 * The simulator's loops in plain C, timed on request: what a good C programmer writes first, one example after another.
 *
 * Same generator, same index draw, same ziggurat, same equations as the simulator, so that both can be held to the same
 * numbers. Talks in lines, one answer a line:
 *
 *   load NAME PATH           ok                   (a case of the same name is forgotten)
 *   check NAME CHAINS        values V V V ...      (what the case says after its check steps, by the case's own streams)
 *   time NAME CHAINS STEPS   nanoseconds N         (CHAINS chains of STEPS steps, one after another)
 *
 * or `error MESSAGE`. A case file is a line of text with kind and sizes, then raw arrays, little-endian: see case-file.ts.
 */
#define _POSIX_C_SOURCE 200112L
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- random numbers: xoshiro128** 1.1, Lemire's bounded integers, the 256-layer ziggurat ---- */

typedef struct {
  uint32_t word[4];
} stream;

static inline uint32_t rotated(uint32_t word, int bits) { return (word << bits) | (word >> (32 - bits)); }

static inline uint32_t next_word(stream *s) {
  uint32_t result = rotated(s->word[1] * 5, 7) * 9;
  uint32_t shifted = s->word[1] << 9;
  s->word[2] ^= s->word[0];
  s->word[3] ^= s->word[1];
  s->word[1] ^= s->word[2];
  s->word[0] ^= s->word[3];
  s->word[2] ^= shifted;
  s->word[3] = rotated(s->word[3], 11);
  return result;
}

static inline uint32_t draw_below(stream *s, uint32_t bound) {
  for (;;) {
    uint64_t product = (uint64_t)next_word(s) * bound;
    uint32_t remainder = (uint32_t)product;
    if (remainder >= bound || remainder >= -bound % bound) return (uint32_t)(product >> 32);
  }
}

enum { layers = 256 };
static const double tail_start = 3.654152885361009;
static const double layer_area = 0.004928673233974655;
static double edges[layers + 1], densities[layers + 1];

static void make_layers(void) {
  densities[1] = exp(-0.5 * tail_start * tail_start);
  edges[0] = layer_area / densities[1];
  edges[1] = tail_start;
  for (int layer = 1; layer < layers - 1; layer++) {
    densities[layer + 1] = densities[layer] + layer_area / edges[layer];
    edges[layer + 1] = sqrt(-2 * log(densities[layer + 1]));
  }
  edges[layers] = 0;
  densities[layers] = 1;
}

static inline double uniform(stream *s) {
  uint32_t high = next_word(s) >> 6;
  uint32_t low = next_word(s) >> 6;
  return (high * 67108864.0 + low + 0.5) * 0x1p-52;
}

static double draw_tail(stream *s) {
  for (;;) {
    double beyond = -log(uniform(s)) / tail_start;
    double height = -log(uniform(s));
    if (2 * height > beyond * beyond) return tail_start + beyond;
  }
}

static inline double draw_normal(stream *s) {
  for (;;) {
    uint32_t word = next_word(s);
    int layer = word & 0xff;
    double place = ((double)((int32_t)word >> 9) * 0x1p30 + (double)(next_word(s) >> 2)) * 0x1p-52;
    double value = place * edges[layer];
    if (fabs(value) < edges[layer + 1]) return value;
    if (layer == 0) return place < 0 ? -draw_tail(s) : draw_tail(s);
    double density = densities[layer] + (densities[layer + 1] - densities[layer]) * uniform(s);
    if (density < exp(-0.5 * value * value)) return value;
  }
}

/* ---- cases ---- */

enum { check_chains = 2 };
typedef enum { regression, modes, transition, euler_maruyama, indices, normals } kind;
typedef enum { with_replacement, without_replacement, shuffled_epochs } scheme;

typedef struct {
  char name[64];
  kind kind;
  scheme scheme;
  long examples, modes, outputs, batch, check_steps;
  double rate, momentum, decay, time_step, friction;
  stream check_streams[check_chains], stream;
  double *features;  /* [example, mode] */
  double *residuals; /* [example, output] */
  double *pull;      /* decay times the minimum [output, mode] */
  double *slopes;    /* curvatures; of the Langevin equation squared frequencies [mode] */
  double *scales;    /* of the noise [mode] */
  double *increment; /* [mode, 4] */
  double *factor;    /* Cholesky's, of the noise covariance [mode, 3] */
  double *start;     /* position, then velocity [output, mode] */
  double *state;     /* position, then velocity, then gradient [output, mode] */
  int32_t *order;    /* [example] */
  int32_t *drawn;    /* [batch] */
  long dealt;
} test_case;

/* v <- beta v - (mean of x_i (x_i . x + r_i) + lambda (x + mu)), x <- x + eta v. Sizes known to the compiler where the caller knows them. */
static inline __attribute__((always_inline)) void regression_steps(const test_case *c, long mode_count, long output_count,
                                                                  stream *s, long steps) {
  const double *restrict features = c->features;
  const double *restrict residuals = c->residuals;
  const double *restrict pull = c->pull;
  const long size = output_count * mode_count;
  double *restrict position = c->state;
  double *restrict velocity = c->state + size;
  double *restrict gradient = c->state + 2 * size;
  const double rate = c->rate, momentum = c->momentum, decay = c->decay, share = 1.0 / (double)c->batch;
  const uint32_t examples = (uint32_t)c->examples;
  const long batch = c->batch;
  stream local = *s;
  for (long step = 0; step < steps; step++) {
    for (long j = 0; j < size; j++) gradient[j] = 0;
    for (long k = 0; k < batch; k++) {
      const long i = draw_below(&local, examples);
      const double *restrict x = features + i * mode_count;
      for (long o = 0; o < output_count; o++) {
        const double *restrict at = position + o * mode_count;
        double *restrict sum = gradient + o * mode_count;
        double error = residuals[i * output_count + o];
        for (long j = 0; j < mode_count; j++) error += x[j] * at[j];
        for (long j = 0; j < mode_count; j++) sum[j] += error * x[j];
      }
    }
    for (long j = 0; j < size; j++) {
      velocity[j] = momentum * velocity[j] - (gradient[j] * share + decay * position[j] + pull[j]);
      position[j] += rate * velocity[j];
    }
  }
  *s = local;
}

#ifdef LANE_ORDER
/*
 * The compiled kernel's own order of operations, so that what WebAssembly costs is seen apart from what the order wins: four
 * rows together, sums over even and odd modes apart. Two modes to a register of two; for even numbers of modes.
 */
typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));

static inline pair both(double value) { return (pair){value, value}; }

static __attribute__((noinline)) void run_regression(const test_case *c, stream *s, long steps) {
  const long mode_count = c->modes, output_count = c->outputs, size = output_count * mode_count, batch = c->batch;
  double *position = c->state, *velocity = c->state + size, *gradient = c->state + 2 * size;
  const double share = 1.0 / (double)batch;
  stream local = *s;
  for (long step = 0; step < steps; step++) {
    for (long k = 0; k < batch; k++) c->drawn[k] = (int32_t)draw_below(&local, (uint32_t)c->examples);
    for (long j = 0; j < size; j++) gradient[j] = 0;
    for (long k = 0; k + 4 <= batch; k += 4) {
      const long i0 = c->drawn[k], i1 = c->drawn[k + 1], i2 = c->drawn[k + 2], i3 = c->drawn[k + 3];
      const double *r0 = c->features + i0 * mode_count, *r1 = c->features + i1 * mode_count;
      const double *r2 = c->features + i2 * mode_count, *r3 = c->features + i3 * mode_count;
      for (long o = 0; o < output_count; o++) {
        const double *x = position + o * mode_count;
        double *g = gradient + o * mode_count;
        pair a0 = both(0), a1 = a0, a2 = a0, a3 = a0;
        for (long j = 0; j < mode_count; j += 2) {
          const pair p = *(const pair *)(x + j);
          a0 += *(const pair *)(r0 + j) * p;
          a1 += *(const pair *)(r1 + j) * p;
          a2 += *(const pair *)(r2 + j) * p;
          a3 += *(const pair *)(r3 + j) * p;
        }
        const pair e0 = both(c->residuals[i0 * output_count + o] + (a0[0] + a0[1]));
        const pair e1 = both(c->residuals[i1 * output_count + o] + (a1[0] + a1[1]));
        const pair e2 = both(c->residuals[i2 * output_count + o] + (a2[0] + a2[1]));
        const pair e3 = both(c->residuals[i3 * output_count + o] + (a3[0] + a3[1]));
        for (long j = 0; j < mode_count; j += 2) {
          *(pair *)(g + j) += (e0 * *(const pair *)(r0 + j) + e1 * *(const pair *)(r1 + j)) +
                              (e2 * *(const pair *)(r2 + j) + e3 * *(const pair *)(r3 + j));
        }
      }
    }
    for (long j = 0; j < size; j += 2) {
      const pair x = *(pair *)(position + j);
      const pair g = (*(pair *)(gradient + j) * both(share) + both(c->decay) * x) + *(const pair *)(c->pull + j);
      const pair v = both(c->momentum) * *(pair *)(velocity + j) - g;
      *(pair *)(velocity + j) = v;
      *(pair *)(position + j) = x + both(c->rate) * v;
    }
  }
  *s = local;
}
#else
static __attribute__((noinline)) void run_regression(const test_case *c, stream *s, long steps) {
  if (c->modes == 32 && c->outputs == 1) regression_steps(c, 32, 1, s, steps);
  else if (c->modes == 64 && c->outputs == 10) regression_steps(c, 64, 10, s, steps);
  else if (c->outputs == 1) regression_steps(c, c->modes, 1, s, steps);
  else regression_steps(c, c->modes, c->outputs, s, steps);
}
#endif

/* v <- beta v - (slope x + scale n), x <- x + eta v in each mode. */
static __attribute__((noinline)) void run_modes(const test_case *c, stream *s, long steps) {
  const double *restrict slopes = c->slopes;
  const double *restrict scales = c->scales;
  double *restrict position = c->state;
  double *restrict velocity = c->state + c->modes;
  const double rate = c->rate, momentum = c->momentum;
  const long mode_count = c->modes;
  stream local = *s;
  for (long step = 0; step < steps; step++) {
    for (long l = 0; l < mode_count; l++) {
      double v = momentum * velocity[l] - (slopes[l] * position[l] + scales[l] * draw_normal(&local));
      velocity[l] = v;
      position[l] += rate * v;
    }
  }
  *s = local;
}

/* z <- z + F z + L n in each mode; the first numbers of all modes are drawn before the second ones. */
static __attribute__((noinline)) void run_transition(const test_case *c, stream *s, long steps) {
  const double *restrict increment = c->increment;
  const double *restrict factor = c->factor;
  const long mode_count = c->modes;
  double *restrict position = c->state;
  double *restrict velocity = c->state + mode_count;
  double *restrict first = c->state + 2 * mode_count;
  stream local = *s;
  for (long step = 0; step < steps; step++) {
    for (long l = 0; l < mode_count; l++) first[l] = draw_normal(&local);
    for (long l = 0; l < mode_count; l++) {
      const double *f = increment + 4 * l, *g = factor + 3 * l;
      const double x = position[l], v = velocity[l], n = first[l], m = draw_normal(&local);
      position[l] = x + f[0] * x + f[1] * v + g[0] * n;
      velocity[l] = v + f[2] * x + f[3] * v + g[1] * n + g[2] * m;
    }
  }
  *s = local;
}

/* x <- x + v dt, v <- v - (omega^2 x + 2 gamma v) dt + scale n in each mode. */
static __attribute__((noinline)) void run_euler_maruyama(const test_case *c, stream *s, long steps) {
  const double *restrict slopes = c->slopes;
  const double *restrict scales = c->scales;
  double *restrict position = c->state;
  double *restrict velocity = c->state + c->modes;
  const double time_step = c->time_step, friction = c->friction;
  const long mode_count = c->modes;
  stream local = *s;
  for (long step = 0; step < steps; step++) {
    for (long l = 0; l < mode_count; l++) {
      const double x = position[l], v = velocity[l];
      position[l] = x + v * time_step;
      velocity[l] = v - (slopes[l] * x + friction * v) * time_step + scales[l] * draw_normal(&local);
    }
  }
  *s = local;
}

static void deal(test_case *c, stream *s, long from, long count) {
  for (long k = 0; k < count; k++) {
    long place = from + k;
    long other = place + draw_below(s, (uint32_t)(c->examples - place));
    int32_t example = c->order[other];
    c->order[other] = c->order[place];
    c->order[place] = example;
    c->drawn[k] = example;
  }
}

/* Draws batches and does nothing with them. */
static __attribute__((noinline)) void run_indices(test_case *c, stream *s, long steps) {
  stream local = *s;
  for (long step = 0; step < steps; step++) {
    if (c->scheme == with_replacement) {
      for (long k = 0; k < c->batch; k++) c->drawn[k] = (int32_t)draw_below(&local, (uint32_t)c->examples);
    } else if (c->scheme == without_replacement) {
      deal(c, &local, 0, c->batch);
    } else {
      if (c->dealt == c->examples) c->dealt = 0;
      long left = c->examples - c->dealt, size = left < c->batch ? left : c->batch;
      deal(c, &local, c->dealt, size);
      c->dealt += size;
    }
  }
  *s = local;
}

/* A step fills a batch with normal numbers. */
static __attribute__((noinline)) void run_normals(test_case *c, stream *s, long steps) {
  double *restrict drawn = c->state;
  stream local = *s;
  for (long step = 0; step < steps; step++)
    for (long k = 0; k < c->batch; k++) drawn[k] = draw_normal(&local);
  *s = local;
}

static void run(test_case *c, stream *s, long steps) {
  switch (c->kind) {
    case regression: run_regression(c, s, steps); break;
    case modes: run_modes(c, s, steps); break;
    case transition: run_transition(c, s, steps); break;
    case euler_maruyama: run_euler_maruyama(c, s, steps); break;
    case indices: run_indices(c, s, steps); break;
    case normals: run_normals(c, s, steps); break;
  }
}

/* Back to where every chain starts. */
static void restart(test_case *c) {
  if (c->start != NULL) memcpy(c->state, c->start, 2 * (size_t)(c->outputs * c->modes) * sizeof(double));
  for (long i = 0; c->order != NULL && i < c->examples; i++) c->order[i] = (int32_t)i;
  c->dealt = 0;
}

/* ---- case files ---- */

static void *allocated(size_t count, size_t size) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, count * size) != 0) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  return memory;
}

static void *array(FILE *file, size_t count, size_t size) {
  void *values = allocated(count, size);
  if (fread(values, size, count, file) != count) {
    free(values);
    return NULL;
  }
  return values;
}

/* L of each 2x2 covariance [xx, xv, vx, vv], as [xx, vx, vv]. */
static double *cholesky(const double *covariance, size_t count) {
  double *factor = allocated(3 * count, sizeof(double));
  for (size_t l = 0; l < count; l++) {
    factor[3 * l] = sqrt(covariance[4 * l]);
    factor[3 * l + 1] = covariance[4 * l + 1] / factor[3 * l];
    factor[3 * l + 2] = sqrt(covariance[4 * l + 3] - factor[3 * l + 1] * factor[3 * l + 1]);
  }
  return factor;
}

static void discard(test_case *c) {
  free(c->features);
  free(c->residuals);
  free(c->pull);
  free(c->slopes);
  free(c->scales);
  free(c->increment);
  free(c->factor);
  free(c->start);
  free(c->state);
  free(c->order);
  free(c->drawn);
  memset(c, 0, sizeof *c);
}

static const char *load(test_case *c, const char *path) {
  FILE *file = fopen(path, "rb");
  char header[512], word[32];
  if (file == NULL) return "cannot open the case file";
  const char *fault = NULL;
  if (fgets(header, sizeof header, file) == NULL || sscanf(header, "%31s", word) != 1) {
    fault = "the case file has no header";
  } else if (strcmp(word, "regression") == 0) {
    c->kind = regression;
    if (sscanf(header, "%*s %ld %ld %ld %ld %ld %lf %lf %lf", &c->examples, &c->modes, &c->outputs, &c->batch,
               &c->check_steps, &c->rate, &c->momentum, &c->decay) != 8)
      fault = "the header of a regression case needs eight numbers";
  } else if (strcmp(word, "modes") == 0) {
    c->kind = modes;
    c->outputs = 1;
    if (sscanf(header, "%*s %ld %ld %lf %lf", &c->modes, &c->check_steps, &c->rate, &c->momentum) != 4)
      fault = "the header of a modes case needs four numbers";
  } else if (strcmp(word, "transition") == 0) {
    c->kind = transition;
    c->outputs = 1;
    if (sscanf(header, "%*s %ld %ld", &c->modes, &c->check_steps) != 2)
      fault = "the header of a transition case needs two numbers";
  } else if (strcmp(word, "euler-maruyama") == 0) {
    c->kind = euler_maruyama;
    c->outputs = 1;
    if (sscanf(header, "%*s %ld %ld %lf %lf", &c->modes, &c->check_steps, &c->time_step, &c->friction) != 4)
      fault = "the header of an euler-maruyama case needs four numbers";
  } else if (strcmp(word, "indices") == 0) {
    char name[32];
    c->kind = indices;
    if (sscanf(header, "%*s %31s %ld %ld %ld", name, &c->examples, &c->batch, &c->check_steps) != 4)
      fault = "the header of an indices case needs a scheme and three numbers";
    else if (strcmp(name, "with-replacement") == 0) c->scheme = with_replacement;
    else if (strcmp(name, "without-replacement") == 0) c->scheme = without_replacement;
    else if (strcmp(name, "shuffled-epochs") == 0) c->scheme = shuffled_epochs;
    else fault = "no such sampling scheme";
  } else if (strcmp(word, "normals") == 0) {
    c->kind = normals;
    if (sscanf(header, "%*s %ld %ld", &c->batch, &c->check_steps) != 2)
      fault = "the header of a normals case needs two numbers";
  } else {
    fault = "no such kind of case";
  }

  const size_t size = (size_t)(c->outputs * c->modes);
  if (fault == NULL && fread(c->check_streams, sizeof(stream), check_chains, file) != check_chains) fault = "the case file is cut short";
  if (fault == NULL && c->kind == regression) {
    c->features = array(file, (size_t)(c->examples * c->modes), sizeof(double));
    c->residuals = array(file, (size_t)(c->examples * c->outputs), sizeof(double));
    c->pull = array(file, size, sizeof(double));
    c->start = array(file, 2 * size, sizeof(double));
    c->state = allocated(3 * size, sizeof(double));
    c->drawn = allocated((size_t)c->batch, sizeof(int32_t));
    if (c->features == NULL || c->residuals == NULL || c->pull == NULL || c->start == NULL) fault = "the case file is cut short";
  }
  if (fault == NULL && (c->kind == modes || c->kind == euler_maruyama)) {
    c->slopes = array(file, size, sizeof(double));
    c->scales = array(file, size, sizeof(double));
    c->start = array(file, 2 * size, sizeof(double));
    c->state = allocated(2 * size, sizeof(double));
    if (c->slopes == NULL || c->scales == NULL || c->start == NULL) fault = "the case file is cut short";
  }
  if (fault == NULL && c->kind == transition) {
    c->increment = array(file, 4 * size, sizeof(double));
    double *covariance = array(file, 4 * size, sizeof(double));
    c->start = array(file, 2 * size, sizeof(double));
    c->state = allocated(3 * size, sizeof(double));
    if (c->increment == NULL || covariance == NULL || c->start == NULL) fault = "the case file is cut short";
    else c->factor = cholesky(covariance, size);
    free(covariance);
  }
  if (fault == NULL && c->kind == indices) {
    c->order = allocated((size_t)c->examples, sizeof(int32_t));
    c->drawn = allocated((size_t)c->batch, sizeof(int32_t));
  }
  if (fault == NULL && c->kind == normals) c->state = allocated((size_t)c->batch, sizeof(double));
  fclose(file);
  c->stream = c->check_streams[0];
  return fault;
}

/* ---- requests ---- */

enum { most_cases = 32 };
static test_case cases[most_cases];

/* The case of this name; a free place for it where there is none and one is wanted. */
static test_case *find(const char *name, int wanted) {
  for (int i = 0; i < most_cases; i++)
    if (strcmp(cases[i].name, name) == 0) return &cases[i];
  for (int i = 0; wanted && i < most_cases; i++)
    if (cases[i].name[0] == '\0') return &cases[i];
  return NULL;
}

static void print_values(const test_case *c) {
  if (c->kind == indices) {
    for (long k = 0; k < c->batch; k++) printf(" %" PRId32, c->drawn[k]);
  } else {
    const long count = c->kind == normals ? c->batch : 2 * c->outputs * c->modes;
    for (long j = 0; j < count; j++) printf(" %.17g", c->state[j]);
  }
}

static void check(test_case *c, long chains) {
  printf("values");
  for (long chain = 0; chain < chains && chain < check_chains; chain++) {
    stream own = c->check_streams[chain];
    restart(c);
    run(c, &own, c->check_steps);
    print_values(c);
  }
  printf("\n");
}

static void time_steps(test_case *c, long chains, long steps) {
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  for (long chain = 0; chain < chains; chain++) {
    restart(c);
    run(c, &c->stream, steps);
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  printf("nanoseconds %" PRId64 "\n", (int64_t)(to.tv_sec - from.tv_sec) * 1000000000 + (to.tv_nsec - from.tv_nsec));
}

int main(void) {
  static char line[8192], path[8192];
  char verb[16], name[64];
  make_layers();
  while (fgets(line, sizeof line, stdin) != NULL) {
    long chains = 0, steps = 0;
    if (sscanf(line, "%15s %63s", verb, name) != 2) {
      printf("error a request is a verb and a name\n");
    } else if (strcmp(verb, "load") == 0) {
      test_case *c = find(name, 1);
      const char *fault = "too many cases";
      if (sscanf(line, "%*s %*s %8191[^\n]", path) != 1) fault = "load needs a path";
      else if (c != NULL) {
        discard(c);
        fault = load(c, path);
        if (fault == NULL) strcpy(c->name, name);
        else discard(c);
      }
      if (fault == NULL) printf("ok\n");
      else printf("error %s\n", fault);
    } else {
      test_case *c = find(name, 0);
      if (c == NULL) {
        printf("error no case of this name\n");
      } else if (strcmp(verb, "check") == 0 && sscanf(line, "%*s %*s %ld", &chains) == 1 && chains > 0) {
        check(c, chains);
      } else if (strcmp(verb, "time") == 0 && sscanf(line, "%*s %*s %ld %ld", &chains, &steps) == 2 && chains > 0 && steps > 0) {
        time_steps(c, chains, steps);
      } else {
        printf("error no such request\n");
      }
    }
    fflush(stdout);
  }
  return 0;
}
