"""Cards through PC/SC: social security cards and passports."""
