"""InfusionDesk: a desktop for the closed-door home-infusion pharmacy."""

VERSION = "0.1.0"
